/** The requests to the own server; there is no other host. */

import { sayReason } from './words.js';

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

/** Ask the own server; a line that is away is a refusal too, with status 0. */
async function asked(path, how) {
  try {
    return await checked(await fetch(path, how));
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, 'away', '');
  }
}

async function checked(response) {
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Refusal(response.status, said.code ?? 'unknown', said.reason ? sayReason(said) : response.statusText);
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

export const get = async (path) => (await asked(path)).json();

export async function send(path, body, method = 'POST') {
  const response = await asked(path, { method, headers: JSON_TYPE, body: JSON.stringify(body) });
  return response.status === 204 ? null : response.json().catch(() => null);
}

export async function upload(path, bytes) {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return (await asked(path, { method: 'POST', headers, body: bytes })).json();
}

export const blob = async (path) => (await asked(path)).blob();
