// Starts `candour demo` on a free port over a fresh or given folder, for scripts that measure or check it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

const START_LIMIT_MS = 60_000

/** A port on the loopback that nobody listens on; `wished` if that one is free. */
export async function freePort(wished = 0) {
  const probe = createServer()
  try {
    probe.listen(wished, '127.0.0.1')
    await once(probe, 'listening')
    return probe.address().port
  } catch {
    return freePort()
  } finally {
    probe.close()
  }
}

/** Starts a demo and waits until it answers. `stop()` ends it and waits until it has; `said()` is what it told, if somebody listens. */
export async function startDemo({ bin, data, port, quiet = true, listen = false }) {
  port ??= await freePort()
  const started = performance.now()
  const child = spawn(bin, ['demo', '--listen', `127.0.0.1:${port}`, '--data', data], {
    stdio: ['ignore', 'ignore', listen ? 'pipe' : quiet ? 'ignore' : 'inherit']
  })
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  const base = `http://127.0.0.1:${port}`
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const kill = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  while (!(await answers(`${base}/readyz`))) {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode} before it answered`)
    if (performance.now() - started > START_LIMIT_MS) {
      await stop()
      throw new Error('the demo did not answer within a minute')
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { base, port, pid: child.pid, readyAfterMs: performance.now() - started, stop, kill, said: () => said }
}

async function answers(url) {
  try {
    const reply = await fetch(url)
    await reply.arrayBuffer()
    return reply.ok
  } catch {
    return false
  }
}

/** A bearer token of one of the town's people. */
export function token(bin, data, name, purpose) {
  return execFileSync(bin, ['token', '--data', data, '--as', name, '--purpose', purpose], { encoding: 'utf8' }).trim()
}
