// The real program over a town of its own, and requests to it as other systems make them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startDemo, token } from '../../scripts/demo.mjs'

const root = resolve(import.meta.dirname, '../..')
const bin = process.env.CANDOUR_BIN ?? join(resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/candour')

/** Data shared by several projects, beside this one. */
export const SHARED = resolve(root, '../shared/data/fhir')
export const isLong = process.env.CANDOUR_LONG === '1'

/** Starts the program; `as(name, purpose)` gives requests in somebody's name. */
export async function openExchange() {
  const folder = mkdtempSync(join(tmpdir(), 'candour-clients-'))
  const data = join(folder, 'town')
  let demo = await startDemo({ bin, data, listen: true })
  const { port, base: site } = demo
  const base = `${site}/fhir`
  const bearer = (name, purpose = 'TREAT') => token(bin, data, name, purpose)
  return {
    base,
    bearer,
    said: () => demo.said(),
    kill: () => demo.kill(),
    /** Starts it again where it was, over what is there. */
    async restart() {
      demo = await startDemo({ bin, data, port, listen: true })
    },
    as: (name, purpose) => requests(base, bearer(name, purpose)),
    async close() {
      await demo.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const isReady = (body) => body === undefined || typeof body === 'string' || body instanceof Uint8Array

/** Requests with one token: an answer is {status, headers, body}, its body read as JSON if it is. */
function requests(base, bearer) {
  const send = async (method, path, body, headers = {}) => {
    const reply = await fetch(path.startsWith('http') ? path : `${base}/${path}`, {
      method,
      headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/fhir+json', ...headers },
      body: isReady(body) ? body : JSON.stringify(body)
    })
    const text = await reply.text()
    let parsed
    try {
      parsed = text === '' ? undefined : JSON.parse(text)
    } catch {
      parsed = undefined
    }
    return { status: reply.status, headers: reply.headers, text, body: parsed }
  }
  const all = async (path) => {
    const entries = []
    for (let next = path, total; next; ) {
      const { status, body, text } = await send('GET', next)
      if (status !== 200) return { status, body, text, entries, total }
      total ??= body.total
      entries.push(...(body.entry ?? []))
      next = body.link?.find((link) => link.relation === 'next')?.url
      if (!next) return { status, body, entries, total }
    }
  }
  return { send, all, get: (path, headers) => send('GET', path, undefined, headers) }
}

/** Does something with every item, several at once, and gives the results in order. */
export async function each(items, atOnce, work) {
  const results = new Array(items.length)
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const place = next++
      results[place] = await work(items[place], place)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
