/** The requests to the own server; there is no other host. */

export class Refusal extends Error {
  constructor(status, code, why) {
    super(why);
    Object.assign(this, { status, code });
  }
}

async function checked(response) {
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Refusal(response.status, said.code ?? 'unknown', said.why ?? response.statusText);
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

export const get = async (path) => (await checked(await fetch(path))).json();

export async function send(path, body, method = 'POST') {
  const response = await checked(await fetch(path, { method, headers: JSON_TYPE, body: JSON.stringify(body) }));
  return response.status === 204 ? null : response.json().catch(() => null);
}

export async function upload(path, bytes) {
  const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: bytes });
  return (await checked(response)).json();
}

export const blob = async (path) => (await checked(await fetch(path))).blob();
