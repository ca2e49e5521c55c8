/** A folder as one uncompressed zip, so that several files can be dropped and sent as the session they are. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

export function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function record(size, fields) {
  const view = new DataView(new ArrayBuffer(size));
  for (const [at, width, value] of fields) (width === 4 ? view.setUint32 : view.setUint16).call(view, at, value, true);
  return new Uint8Array(view.buffer);
}

const UTF8_NAMES = 0x0800;

/** `files` are [name, bytes]; returns the bytes of the zip. */
export function zip(files) {
  const parts = [];
  const index = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const title = new TextEncoder().encode(name);
    const common = [[0, 2, 20], [2, 2, UTF8_NAMES], [10, 4, crc32(bytes)], [14, 4, bytes.length], [18, 4, bytes.length], [22, 2, title.length]];
    const head = record(30, [[0, 4, 0x04034b50], ...common.map(([at, width, value]) => [at + 4, width, value])]);
    index.push(record(46, [[0, 4, 0x02014b50], [4, 2, 20], ...common.map(([at, width, value]) => [at + 6, width, value]), [42, 4, offset]]), title);
    parts.push(head, title, bytes);
    offset += head.length + title.length + bytes.length;
  }
  const size = index.reduce((sum, one) => sum + one.length, 0);
  const end = record(22, [[0, 4, 0x06054b50], [8, 2, files.length], [10, 2, files.length], [12, 4, size], [16, 4, offset]]);
  const all = new Uint8Array(offset + size + end.length);
  let at = 0;
  for (const one of [...parts, ...index, end]) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}
