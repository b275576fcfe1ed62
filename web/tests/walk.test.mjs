// The README's walk through the pages of a running town, with and without JavaScript, in each
// window: it works, and every page on the way is whole, accessible and silent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, sizes } from './lib/browser.mjs'
import { startTown } from './lib/candour.mjs'
import { accessibilityFaults, brokenFaults, hiddenFocusFaults, leakedFaults, overflowFaults } from './lib/checks.mjs'
import {
  Walk,
  housingOfficerIsRefused,
  netta,
  personReadsAccount,
  personStopsAndStarts,
  socialWorkerNotesCall,
  socialWorkerReads
} from './lib/walk.mjs'

let browser
let town

before(async () => {
  town = await startTown()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await town?.stop()
})

/** Walks in a fresh browser; gives the faults of the pages on the way, by page. */
async function walkIn(viewport, javaScriptEnabled, steps) {
  const context = await browser.newContext({ viewport, javaScriptEnabled })
  const page = await context.newPage()
  const said = complaints(page)
  const secrets = ['Dunsmore', '1945-07', '190745']
  const faults = {}
  const checked = new Set()
  const checks = javaScriptEnabled
    ? [accessibilityFaults, overflowFaults, brokenFaults, hiddenFocusFaults]
    : [overflowFaults, brokenFaults]
  const seen = async (page, name) => {
    secrets.push(...(await page.locator('[data-identifier]').allInnerTexts()))
    const found = await leakedFaults(page, secrets)
    const again = checked.has(name)
    checked.add(name)
    for (const check of again ? [] : checks) found.push(...(await check(page)))
    found.push(...said.splice(0))
    if (found.length > 0) faults[name] = found
  }
  await steps(new Walk(page, town.address, seen))
  await context.close()
  return faults
}

for (const size of sizes) {
  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with' : 'without'
    test(`the walk of the README at ${size.width} px ${how} JavaScript`, async () => {
      const why = `to plan her week at ${size.width} px ${how}`
      const faults = await walkIn(size, javaScript, async (walk) => {
        await socialWorkerReads(walk)
        await socialWorkerNotesCall(walk, why)
        await housingOfficerIsRefused(walk)
        await personReadsAccount(walk, why)
        await personStopsAndStarts(walk, 'Northburn Council Social Work')
      })
      assert.deepEqual(faults, {})
    })
  }
}

test('a stop counts for the next page that is opened, and starting again undoes it', async () => {
  const faults = await walkIn(sizes[0], false, async (walk) => {
    await walk.signIn(netta.name)
    await walk.open('/me/sharing', 'me-sharing')
    await walk.page.getByRole('radio', { name: 'Northburn Council Social Work', exact: true }).check()
    await walk.press('Stop sharing', 'me-sharing-stopped')
    await walk.signOut()

    await walk.signIn('Fraser Abercrombie')
    await walk.find(netta)
    await walk.follow(netta.name, 'care-stopped')
    assert.doesNotMatch(await walk.words(), /What happened, newest first/)
    await walk.signOut()

    await walk.signIn(netta.name)
    await walk.open('/me/sharing', 'me-sharing')
    await walk.page.locator('[name=objection]').first().check()
    await walk.press('Start sharing again', 'me-sharing-started')
    await walk.signOut()

    await socialWorkerReads(walk)
  })
  assert.deepEqual(faults, {})
})

test('a faulty form says what is wrong, at the field and on top', async () => {
  await walkIn(sizes[0], true, async (walk) => {
    await walk.signIn('Fraser Abercrombie')
    await walk.open('/care', 'care-find')
    await walk.page.getByLabel('CHI number').fill('123')
    await walk.press('Find', 'care-find-errors')
    assert.match(await walk.page.title(), /^Error: /)
    const link = walk.page.locator('.nhsuk-error-summary a').first()
    const words = await link.innerText()
    await link.click()
    assert.equal(await walk.page.evaluate(() => document.activeElement.id), 'chi')
    assert.match(await walk.page.locator('#chi-error').innerText(), new RegExp(words.slice(0, 20)))
  })
})

test('an address that names nobody is the same page whatever the id', async () => {
  await walkIn(sizes[0], false, async (walk) => {
    await walk.signIn('Derek Muirhead')
    const shown = []
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nobody']) {
      await walk.open(`/care/people/${id}`, 'care-no-record')
      shown.push(await walk.words())
    }
    assert.equal(shown[0], shown[1])
  })
})

test('a form without its token changes nothing', async () => {
  const answer = await fetch(`${town.address}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'as=anybody',
    redirect: 'manual'
  })
  assert.equal(answer.status, 403)
  assert.equal(answer.headers.get('set-cookie'), null)
})

test('pages are kept by no cache and style sheets by every one', async () => {
  const page = await fetch(`${town.address}/sign-in`)
  assert.equal(page.headers.get('cache-control'), 'no-store')
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'.*require-trusted-types-for 'script'/)
  const [style] = /\/assets\/[0-9a-f]+\/app\.css/.exec(await page.text())
  const sheet = await fetch(town.address + style, { headers: { 'accept-encoding': 'br' } })
  assert.match(sheet.headers.get('cache-control'), /immutable/)
  assert.equal(sheet.headers.get('content-encoding'), 'br')
})

test('no name, number or clinical word stands in what the program logs', () => {
  assert.doesNotMatch(town.log(), /Dunsmore|1945-07-19|leg ulcer/i)
})
