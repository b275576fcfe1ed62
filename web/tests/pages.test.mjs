// Every page in every state: no fault that axe knows, nothing cut off, nothing broken over two
// lines, nothing hidden from the keyboard, and not a word in the console.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { complaints, launch, sizes } from './lib/browser.mjs'
import { accessibilityFaults, brokenFaults, hiddenFocusFaults, leakedFaults, overflowFaults } from './lib/checks.mjs'
import { readingGrade } from './lib/reading.mjs'
import { serveSamples } from './lib/samples.mjs'

const secrets = ['9999999999', 'Carmichael', 'Elspeth']
let browser
let samples

before(async () => {
  samples = await serveSamples()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  samples?.stop()
})

/** So many windows at once: what takes the time is axe, each window in a process of its own. */
const WINDOWS = 2

/** Opens each sample in a window and gives the faults that the checks find, by page. */
async function faultsAt(viewport, prepare, ...checks) {
  const faults = {}
  const waiting = [...samples.names]
  const open = async () => {
    const context = await browser.newContext({ viewport })
    await prepare(context)
    const page = await context.newPage()
    const said = complaints(page)
    while (waiting.length > 0) {
      const name = waiting.shift()
      await page.goto(samples.address(name), { waitUntil: 'load' })
      const found = []
      for (const check of checks) found.push(...(await check(page)))
      found.push(...said.splice(0))
      if (found.length > 0) faults[name] = found
    }
    await context.close()
  }
  await Promise.all(Array.from({ length: WINDOWS }, open))
  return faults
}

const leaks = (page) => leakedFaults(page, secrets)

for (const size of sizes) {
  test(`every page is whole, accessible and open to the keyboard at ${size.width} px`, async () => {
    const checks = [accessibilityFaults, overflowFaults, brokenFaults, leaks, hiddenFocusFaults]
    assert.deepEqual(await faultsAt(size, () => {}, ...checks), {})
  })
}

// axe is a script itself, so this is the page whose own scripts did not arrive; the walk is done
// with JavaScript switched off.
test('every page is whole and accessible without its scripts', async () => {
  const empty = (route) => route.fulfill({ contentType: 'text/javascript', body: '' })
  const withoutScripts = (context) => context.route('**/*.js', empty)
  assert.deepEqual(await faultsAt(sizes.at(-1), withoutScripts, accessibilityFaults, overflowFaults, brokenFaults), {})
})

test('a twelve-year-old can read the pages about oneself', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const hard = {}
  for (const name of samples.names.filter((name) => name.startsWith('me-'))) {
    await page.goto(samples.address(name))
    const grade = readingGrade(await page.locator('main p, main li').allInnerTexts())
    if (grade > 7) hard[name] = grade
  }
  await context.close()
  assert.deepEqual(hard, {})
})

test('a first visit weighs at most 60 KB and a page at most 10 KB, compressed', () => {
  const parts = ['app.css', 'app.js', 'nhsuk.js', 'start.js', 'mark.svg']
  const kept = parts.reduce((sum, name) => sum + readFileSync(new URL(`../dist/${name}.gz`, import.meta.url)).length, 0)
  for (const name of samples.names) {
    const page = gzipSync(samples.html(name)).length
    assert.ok(page <= 10_000, `${name}: ${page} bytes`)
    assert.ok(kept + page <= 60_000, `${name}: ${kept + page} bytes with its style sheet and scripts`)
  }
})

test('the samples hold every page that the routes can show', () => {
  for (const page of ['home', 'sign-in', 'care-find', 'care-record', 'care-refused', 'me-access', 'error-503']) {
    assert.ok(samples.names.includes(page), page)
  }
})
