// The packets as a capture file (pcap with nanoseconds, the format that tcpdump
// and Wireshark read).

import { bytesOf } from "../dissect/packet.js";

export function pcap(packets) {
  const link = packets[0]?.link ?? 113;
  const parts = [];
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b23c4d, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, 262144, true);
  header.setUint32(20, link, true);
  parts.push(header.buffer);
  for (const p of packets) {
    if (p.link !== link) continue; // a pcap file has one link type
    const data = bytesOf(p);
    const [seconds, fraction] = p.time.split(".");
    const record = new DataView(new ArrayBuffer(16));
    record.setUint32(0, Number(seconds), true);
    record.setUint32(4, Number(fraction), true);
    record.setUint32(8, data.length, true);
    record.setUint32(12, p.length, true);
    parts.push(record.buffer, data);
  }
  return new Blob(parts, { type: "application/vnd.tcpdump.pcap" });
}

export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
