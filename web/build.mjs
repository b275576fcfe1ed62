// Builds web/dist: the style sheet, the scripts and the mark, each also compressed, for the
// server to embed. The same input gives the same bytes.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, 'src')
const dist = join(here, 'dist')
const nhsuk = dirname(createRequire(import.meta.url).resolve('nhsuk-frontend/package.json'))

/** The compiled style sheet; refuses to fetch anything from another site. */
function styleSheet() {
  const { css } = sass.compile(join(source, 'app.scss'), {
    style: 'compressed',
    charset: false,
    quietDeps: true,
    importers: [
      {
        findFileUrl: (url) =>
          url.startsWith('nhsuk-frontend/')
            ? pathToFileURL(join(nhsuk, url.slice('nhsuk-frontend/'.length)))
            : null
      }
    ]
  })
  for (const mark of ['assets.nhs.uk', 'Frutiger', '#005eb8']) {
    if (css.includes(mark)) throw new Error(`the style sheet still contains ${mark}`)
  }
  return css
}

/** A file of the npm package, without the pointer to a source map that we do not serve. */
async function packaged(path) {
  const text = await readFile(join(nhsuk, 'dist/nhsuk', path), 'utf8')
  return text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
}

const icons = ['arrow-down', 'arrow-up-down', 'arrow-up', 'cross']

const files = {
  'app.css': styleSheet(),
  'app.js': await readFile(join(source, 'app.js')),
  'start.js': await readFile(join(source, 'start.js')),
  'mark.svg': await readFile(join(source, 'mark.svg')),
  'nhsuk.js': await packaged('nhsuk-frontend.min.js')
}
for (const icon of icons) {
  const name = `nhsuk-icon-${icon}.svg`
  files[name] = await packaged(`assets/images/${name}`)
}

// Written aside and moved into place, so that a build cut short leaves nothing half done.
const fresh = `${dist}.new`
await rm(fresh, { recursive: true, force: true })
await mkdir(fresh, { recursive: true })
const sizes = []
for (const [name, content] of Object.entries(files)) {
  const bytes = Buffer.from(content)
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  })
  const gzip = gzipSync(bytes, { level: 9 })
  await writeFile(join(fresh, name), bytes)
  await writeFile(join(fresh, `${name}.br`), brotli)
  await writeFile(join(fresh, `${name}.gz`), gzip)
  sizes.push(`${name.padEnd(28)} ${bytes.length} bytes, ${gzip.length} gzip, ${brotli.length} br`)
}
await rm(dist, { recursive: true, force: true })
await rename(fresh, dist)
console.log(sizes.join('\n'))
