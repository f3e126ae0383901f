// Whether a question was changed in the reading so that a person may want it back.

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu) ?? [];

/** A word was corrected, or the question leans on the one before it. */
export const undoable = ({ leans, reply }) => leans || reply.corrections?.length > 0;

/** Whether the reading took words from `former` that the question itself does not have. */
export function leansOn(former, question, reading) {
  const own = new Set(wordsOf(question));
  const read = new Set(wordsOf(reading));
  return wordsOf(former).filter((word) => read.has(word) && !own.has(word)).length > 1;
}
