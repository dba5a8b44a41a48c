// What a key means, whatever the keyboard.

/** The digit of a key, also where digits need Shift (as on French keyboards); "" for other keys. */
export function digitOf({ key, code, shiftKey }) {
  if (/^[0-9]$/.test(key)) return key;
  return shiftKey ? "" : (/^Digit([0-9])$/.exec(code)?.[1] ?? "");
}

/** The sign of a key; letters follow the Shift key and not the lock that is easily left on. */
export function signOf({ key, shiftKey }) {
  if ([...key].length !== 1) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}
