// Trigram similarity of two questions. The server sorts by the same figure (`core/likeness.py`); here it is
// calculated for text that nobody sent yet.

export const ALIKE = 0.4;

/**
 * @param {string} text
 * @param {Set<string>} everywhere words that say nothing, since every question has them
 */
export function trigrams(text, everywhere) {
  const plain = text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const found = new Set();
  for (const word of plain.match(/[a-z0-9]+/g) ?? []) {
    if (everywhere.has(word)) continue;
    const padded = ` ${word} `;
    for (let start = 0; start <= padded.length - 3; start += 1) found.add(padded.slice(start, start + 3));
  }
  return found;
}

/**
 * Between 0 (nothing in common) and 1 (the same words).
 *
 * @param {string} one
 * @param {string} other
 * @param {Set<string>} everywhere
 */
export function likeness(one, other, everywhere) {
  return shared(trigrams(one, everywhere), trigrams(other, everywhere));
}

/**
 * What two sets of groups have in common.
 *
 * @param {Set<string>} left
 * @param {Set<string>} right
 */
export function shared(left, right) {
  if (!left.size || !right.size) return 0;
  let both = 0;
  for (const group of left) if (right.has(group)) both += 1;
  return (2 * both) / (left.size + right.size);
}

/**
 * At most three of `questions` that ask what `text` asks, the likest first.
 *
 * @template {{id: string, text: string}} Q
 * @param {string} text
 * @param {Q[]} questions
 * @param {Set<string>} everywhere
 * @returns {(Q & {likeness: number})[]}
 */
export function similar(text, questions, everywhere) {
  return questions
    .map((question) => ({ ...question, likeness: likeness(text, question.text, everywhere) }))
    .filter((question) => question.likeness >= ALIKE)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, 3);
}
