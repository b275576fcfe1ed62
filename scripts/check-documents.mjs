// Every relative link in a document leads to a file or folder of the project, every heading that one
// points at is there, and every dependency has its reason.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '*.md'], { encoding: 'utf8' })
const documents = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))

/** The name by which a heading is linked to. */
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\- ]/gu, '').replaceAll(' ', '-')

function anchorsOf(path) {
  if (!statSync(path).isFile()) return []
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading))
}

for (const document of documents) {
  test(`links of ${document}`, () => {
    const text = readFileSync(join(root, document), 'utf8').replace(/^```.*?^```/gms, '')
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue
      const [path, heading] = link.split('#')
      const target = path === '' ? join(root, document) : resolve(root, dirname(document), path)
      assert(existsSync(target), `${link} leads nowhere`)
      if (heading) assert(anchorsOf(target).includes(heading), `${link} points at no heading`)
    }
  })
}

test('every dependency has a line that says why', () => {
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8')
  const [, table] = /^\[workspace\.dependencies\]\n(.*?)^\[/ms.exec(manifest)
  const external = [...table.matchAll(/^([a-z0-9_-]+) = (.*)$/gm)].filter(([, , value]) => !value.includes('path ='))
  const reasons = readFileSync(join(root, 'docs/decisions/0006-dependencies.md'), 'utf8')
  const named = [...reasons.matchAll(/^\| ([a-z].*?) \|/gm)].flatMap(([, names]) => names.replace(/\([^)]*\)/g, '').split(/,\s*/))
  const missing = external.map(([, name]) => name).filter((name) => !named.some((one) => one.trim() === name))
  assert.deepEqual(missing, [])
})
