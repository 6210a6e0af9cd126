// What a visitor with a name needs besides: to ask, to follow one's own questions, and to clap.
export { AskForm } from "./ask.js";
export { keepDraft } from "./draft.js";
export { Mine } from "./mine.js";
export { reactions } from "./reactions.js";
