// Places in a text: from code points, as the service counts, to UTF-16, as a string does.

/** The blocks and pages of a reading with their places in the string `text`. */
export function placed(text, { blocks, pages }) {
  const at = counter(text);
  const range = (one) => ({ from: at(one.start_char_index), to: at(one.end_char_index) });
  return {
    blocks: blocks.map((one) => ({
      ...one,
      ...range(one),
      cells: one.cells.map(([from, to]) => ({ from: at(from), to: at(to) })),
    })),
    pages: pages.map((one) => ({ ...one, ...range(one) })),
  };
}

function counter(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (point) => point;
  const places = [];
  for (let index = 0; index < text.length; index += text.codePointAt(index) > 0xffff ? 2 : 1) {
    places.push(index);
  }
  return (point) => places[point] ?? text.length;
}

/** Stretches of a text to be shown one at a time: its pages, or so many characters up to the start
    of a block. */
export function partsOf(text, { blocks, pages }, size) {
  if (pages.length) {
    // What stands between two pages belongs to the first of them.
    return pages.map((one, n) => ({
      name: one.label && one.label !== String(one.page) ? `Page ${one.page} (${one.label})` : `Page ${one.page}`,
      page: one.page,
      from: n ? one.from : 0,
      to: pages[n + 1]?.from ?? text.length,
    }));
  }
  const starts = [0];
  for (const { from } of blocks) if (from - starts.at(-1) >= size) starts.push(from);
  return starts.map((from, n) => ({ name: `Part ${n + 1}`, from, to: starts[n + 1] ?? text.length }));
}
