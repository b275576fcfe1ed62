// The invented views of every page and state, rendered by the Rust tests and served as the
// program would serve them: same files, same content security policy.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' }

/** Renders the samples into a folder; CANDOUR_PAGES names one where they are already. */
function render() {
  if (process.env.CANDOUR_PAGES) return { folder: process.env.CANDOUR_PAGES, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'candour-pages-'))
  const locked = process.env.CI === 'true' ? ['--locked'] : []
  const profile = process.env.CANDOUR_LONG === '1' ? ['--release'] : []
  const command = ['test', ...locked, ...profile, '--workspace', '--lib', '--', 'every_page_renders']
  const { status, stderr } = spawnSync('cargo', command, {
    cwd: root,
    env: { ...process.env, CANDOUR_PAGES: folder },
    encoding: 'utf8'
  })
  if (status !== 0) throw new Error(`the sample pages could not be rendered:\n${stderr}`)
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** Serves the samples; gives their names, their address and a way to stop. */
export async function serveSamples() {
  const { folder, remove } = render()
  const policy = readFileSync(join(folder, 'content-security-policy.txt'), 'utf8')
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).split('/').pop()
    const asset = request.url.startsWith('/assets/')
    try {
      const body = readFileSync(asset ? join(root, 'web/dist', name) : join(folder, name))
      response.writeHead(200, { 'content-type': types[extname(name)], 'content-security-policy': policy })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const names = readdirSync(folder).filter((name) => name.endsWith('.html')).sort()
  return {
    names: names.map((name) => name.slice(0, -'.html'.length)),
    html: (name) => readFileSync(join(folder, `${name}.html`)),
    address: (name) => `http://127.0.0.1:${server.address().port}/${name}.html`,
    stop: () => {
      server.close()
      server.closeAllConnections()
      remove()
    }
  }
}
