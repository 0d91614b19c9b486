// Rows in their order. An element that is moved in the document loses the focus, so the
// others are moved around the one that has it.

// arrange brings the children of parent, which are those wanted, into that order without
// moving the one that is held, if it is among them.
export function arrange(parent, wanted, held) {
  const at = Math.max(0, wanted.indexOf(held));
  for (let i = at - 1; i >= 0; i--) {
    if (wanted[i].nextSibling !== wanted[i + 1]) parent.insertBefore(wanted[i], wanted[i + 1]);
  }
  for (let i = at + 1; i < wanted.length; i++) {
    if (wanted[i - 1].nextSibling !== wanted[i]) parent.insertBefore(wanted[i], wanted[i - 1].nextSibling);
  }
}
