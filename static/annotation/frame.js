// What measures the page is done once a frame, after everything else: each measuring costs a layout.

const due = new Set();

/** Run `act` before the next paint, however often it is asked for until then. */
export function soon(act) {
  if (due.size === 0) requestAnimationFrame(run);
  due.add(act);
}

/** What waits for the next frame, now: for whom the answer depends on it, as where the page is scrolled to. */
export function run() {
  const acts = [...due];
  due.clear();
  for (const act of acts) act();
}

const later = new Set();

/** Run `act` once what it follows from has been painted: for what nobody waits for, as counts. */
export function afterPaint(act) {
  if (later.size === 0) requestAnimationFrame(() => setTimeout(finish));
  later.add(act);
}

function finish() {
  const acts = [...later];
  later.clear();
  for (const act of acts) act();
}
