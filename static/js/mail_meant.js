// Which mail address was probably meant: fetched when somebody typed one.
/** How many letters to add, drop, change or swap with their neighbour. */
export function mistakesBetween(typed, right) {
  let before = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = above[column - 1] + (typed[row - 1] === right[column - 1] ? 0 : 1);
      let cost = Math.min(above[column] + 1, line[column - 1] + 1, changed);
      if (row > 1 && column > 1 && typed[row - 1] === right[column - 2] && typed[row - 2] === right[column - 1]) {
        cost = Math.min(cost, before[column - 2] + 1);
      }
      line.push(cost);
    }
    [before, above] = [above, line];
  }
  return above[right.length];
}

/** The address that was probably meant, or an empty text. `domains` are those that are right. */
export function meant(address, domains) {
  const at = address.trim().lastIndexOf("@");
  const domain = address.trim().slice(at + 1).toLowerCase().replace(/\.+$/, "");
  if (at < 1 || !domain || domains.includes(domain)) return "";
  let [nearest, fewest] = ["", Infinity];
  for (const each of domains) {
    const mistakes = mistakesBetween(domain, each);
    if (mistakes < fewest) [nearest, fewest] = [each, mistakes];
  }
  return fewest <= (nearest.length > 8 ? 2 : 1) ? `${address.trim().slice(0, at)}@${nearest}` : "";
}
