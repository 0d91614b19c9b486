// What a packet is made of, as the page shows it: layers of fields. A field knows
// its place in the bytes, so that both can light up together.
//
//   layer {key, args, from, to, fields}   from and to: offsets in the packet
//   field {key, value, from, to, is, also, mask, fields}
//
// key is a text of the catalogue: the field's name; is + ".is" says what it means
// here, key + ".is" where there is no is; also is a text to be said after it.
// mask tells which bits of the bytes are the field's; without one, all.

export const field = (key, value, from, length, more = {}) => ({ key, value: String(value), from, to: from + length, ...more });

export const hexByte = (b) => b.toString(16).padStart(2, "0");
export const hex = (bytes) => [...bytes].map(hexByte).join(" ");
export const number = (bytes, from, length) => {
  let n = 0;
  for (let i = 0; i < length; i++) n = n * 256 + (bytes[from + i] ?? 0);
  return n;
};
export const ox = (n, digits) => "0x" + n.toString(16).padStart(digits, "0");

// bit gives a field of one bit of a byte.
export const bit = (key, bytes, at, mask, is) => field(key, bytes[at] & mask ? 1 : 0, at, 1, { mask, is });

export const ipv4 = (bytes, at) => [...bytes.subarray(at, at + 4)].join(".");

export function ipv6(bytes, at) {
  const groups = Array.from({ length: 8 }, (_, i) => number(bytes, at + 2 * i, 2).toString(16));
  // The longest run of zeros becomes "::" (RFC 5952 §4.2).
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (groups[j] === "0") j++;
    if (j - i > length) [start, length] = [i, j - i];
  }
  return length < 2 ? groups.join(":") : `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

export const mac = (bytes, at, length = 6) => [...bytes.subarray(at, at + length)].map(hexByte).join(":");

const utf8 = new TextDecoder();
export const text = (bytes) => utf8.decode(bytes);
