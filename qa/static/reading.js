// Whether a question was changed in the reading so that a person may want it back.

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu) ?? [];

/** A word was corrected, or the question leans on the one before it. A resolution's number
    that is written out in full is the same question still. */
export function undoable({ question, leans, reply }) {
  return leans || corrected(question, reply.interpreted_as);
}

function corrected(question, reading) {
  const typed = new Set(wordsOf(question));
  const read = new Set(wordsOf(reading));
  const gone = [...typed].filter((word) => !read.has(word));
  const come = [...read].filter((word) => !typed.has(word));
  return gone.some((word) => come.some((other) => alike(word, other)));
}

/** Whether one word may be a slip of the other: at most a third of its letters differ. */
function alike(one, other) {
  let row = [...other, ""].map((_, n) => n);
  [...one].forEach((letter, i) => {
    const next = [i + 1];
    [...other].forEach((against, j) => {
      const same = row[j] + (letter === against ? 0 : 1);
      next.push(Math.min(same, row[j + 1] + 1, next[j] + 1));
    });
    row = next;
  });
  return row.at(-1) <= Math.max(1, one.length / 3);
}

/** Whether the reading took words from `former` that the question itself does not have. */
export function leansOn(former, question, reading) {
  const own = new Set(wordsOf(question));
  const read = new Set(wordsOf(reading));
  return wordsOf(former).filter((word) => read.has(word) && !own.has(word)).length > 1;
}
