// Starts `candour demo` on a free port with a data directory of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const binary = process.env.CANDOUR_BIN ?? fileURLToPath(new URL('../../../target/debug/candour', import.meta.url))
const patience = 120_000

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until the program says that it is ready; fails with its own words if it ends before. */
async function ready(address, program, said) {
  const until = Date.now() + patience
  while (Date.now() < until) {
    if (program.exitCode !== null) throw new Error(`candour ended with ${program.exitCode}:\n${said.join('')}`)
    const answer = await fetch(`${address}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`candour was not ready after ${patience / 1000} s:\n${said.join('')}`)
}

/** The town, running: its address, and a way to stop it and forget its data. */
export async function startTown() {
  if (!existsSync(binary)) throw new Error(`there is no program at ${binary}: build it, or set CANDOUR_BIN`)
  const data = mkdtempSync(join(tmpdir(), 'candour-town-'))
  const address = `http://127.0.0.1:${await freePort()}`
  const program = spawn(binary, ['demo', '--listen', new URL(address).host, '--data', join(data, 'town')], {
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const said = []
  program.stdout.on('data', (text) => said.push(text))
  program.stderr.on('data', (text) => said.push(text))
  const stop = async () => {
    if (program.exitCode === null) {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      await ended
    }
    rmSync(data, { recursive: true, force: true })
  }
  try {
    await ready(address, program, said)
  } catch (error) {
    await stop()
    throw error
  }
  return { address, stop, log: () => said.join('') }
}
