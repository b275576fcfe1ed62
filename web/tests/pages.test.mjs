// Every page in every state: no fault that axe knows, nothing cut off, nothing broken over two
// lines, nothing hidden from the keyboard, and not a word in the console.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, sizes } from './lib/browser.mjs'
import { accessibilityFaults, brokenFaults, hiddenFocusFaults, leakedFaults, overflowFaults } from './lib/checks.mjs'
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

/** Opens each sample in a window and gives the faults that the checks find, by page. */
async function faultsAt(viewport, options, ...checks) {
  const context = await browser.newContext({ viewport, ...options })
  const page = await context.newPage()
  const said = complaints(page)
  const faults = {}
  for (const name of samples.names) {
    await page.goto(samples.address(name), { waitUntil: 'load' })
    const found = []
    for (const check of checks) found.push(...(await check(page)))
    found.push(...said.splice(0))
    if (found.length > 0) faults[name] = found
  }
  await context.close()
  return faults
}

const leaks = (page) => leakedFaults(page, secrets)

for (const size of sizes) {
  test(`every page is whole, accessible and open to the keyboard at ${size.width} px`, async () => {
    const checks = [accessibilityFaults, overflowFaults, brokenFaults, leaks, hiddenFocusFaults]
    assert.deepEqual(await faultsAt(size, {}, ...checks), {})
  })
}

test('every page is whole without JavaScript', async () => {
  const checks = [accessibilityFaults, overflowFaults, brokenFaults]
  assert.deepEqual(await faultsAt(sizes.at(-1), { javaScriptEnabled: false }, ...checks), {})
})

test('the samples hold every page that the routes can show', () => {
  for (const page of ['home', 'sign-in', 'care-find', 'care-record', 'care-refused', 'me-access', 'error-503']) {
    assert.ok(samples.names.includes(page), page)
  }
})
