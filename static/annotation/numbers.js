// Numbers as people write them.

/** "2,800" and "2 800" as 2800; NaN where it is no number. */
export function number(typed) {
  const plain = typed.replace(/[\s\u00a0\u202f]/g, "").replace(/,(?=\d{3}(\D|$))/g, "").replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}
