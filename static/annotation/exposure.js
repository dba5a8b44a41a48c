// Which suggestions are in sight, so that a new span can say what its reader saw when drawing it.

let inSight = [];
let taken = null;
let isAnswered = false;

/** The suggestions that are drawn on the text now. */
export function keepInSight(suggestions) {
  inSight = suggestions;
}

/** The reader is about to answer a suggestion with a span. */
export function takeUp(suggestion) {
  taken = suggestion;
  isAnswered = false;
}

/** No more; whether a span answered it. */
export function letGo() {
  taken = null;
  return isAnswered;
}

/** What a new span says of suggestions: "accepted", "changed", "shown", or "" where none was in sight. */
export function exposureOf(start, end, label) {
  const overlaps = (one) => one.start < end && one.end > start;
  if (taken && overlaps(taken)) {
    isAnswered = true;
    return taken.start === start && taken.end === end && taken.label === label ? "accepted" : "changed";
  }
  return inSight.some(overlaps) ? "shown" : "";
}
