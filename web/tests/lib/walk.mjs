// The README's five minutes, one function a step. Each step ends on a page and hands it to
// `seen`, so that a test can check it and a camera can photograph it.
import assert from 'node:assert/strict'

/** Whom the walk is about. */
export const netta = { name: 'Netta Dunsmore', born: { day: '19', month: '7', year: '1945' } }

/** A walk through the town in one browser page. */
export class Walk {
  constructor(page, address, seen = async () => {}) {
    this.page = page
    this.address = address
    this.seen = seen
  }

  async open(path, name) {
    await this.page.goto(this.address + path)
    await this.seen(this.page, name)
  }

  async press(name, page) {
    await this.page.getByRole('button', { name }).click()
    await this.page.waitForLoadState()
    await this.seen(this.page, page)
  }

  async follow(name, page) {
    await this.page.getByRole('link', { name, exact: true }).first().click()
    await this.page.waitForLoadState()
    await this.seen(this.page, page)
  }

  async signIn(name) {
    await this.open('/sign-in', 'sign-in')
    await this.press(new RegExp(`^${name}`), 'signed-in')
  }

  async signOut() {
    await this.press('Sign out', 'signed-out')
  }

  async find({ name, born }) {
    await this.open('/care', 'care-find')
    await this.page.getByLabel('Name', { exact: true }).fill(name)
    await this.page.getByLabel('Day').fill(born.day)
    await this.page.getByLabel('Month').fill(born.month)
    await this.page.getByLabel('Year').fill(born.year)
    await this.press('Find', 'care-results')
  }

  /** The words on the page, as somebody would read them. */
  words() {
    return this.page.locator('main').innerText()
  }

  async says(...all) {
    const words = await this.words()
    for (const one of all) assert.match(words, one)
  }
}

/** Fraser, her social worker, opens her record: nothing typed, the event named. */
export async function socialWorkerReads(walk) {
  await walk.signIn('Fraser Abercrombie')
  await walk.find(netta)
  await walk.follow(netta.name, 'care-record')
  assert.match(await walk.page.getByRole('heading', { level: 1 }).innerText(), /^DUNSMORE, Netta/)
  await walk.says(/Why you may see this/, /includes you since 11-May-2026/, /allergies/i, /Who is involved/, /What happened, newest first/)
}

/** He rings the nurse on the number that is answered now, and notes the call. */
export async function socialWorkerNotesCall(walk, why) {
  const nurse = walk.page.locator('.c-involved tbody tr', { hasText: /nurse/i }).first()
  assert.match(await nurse.locator('a[href^="tel:"]').innerText(), /^[\d ]+$/)
  await nurse.getByRole('link', { name: /^Note a call/ }).click()
  await walk.page.waitForLoadState()
  await walk.seen(walk.page, 'care-call')
  assert.equal(await walk.page.locator('[name=spoke]:checked').count(), 1, 'whom he rang is chosen already')
  await walk.page.locator('[name=told]').first().check()
  await walk.page.getByLabel('Why?').fill(why)
  await walk.press('Save the call', 'care-call-saved')
  await walk.says(/Call noted/, /Receipt/, /Fraser Abercrombie/)
  await walk.signOut()
}

/** Derek, a housing officer without a reason, is refused with the ground and what would change it. */
export async function housingOfficerIsRefused(walk) {
  await walk.signIn('Derek Muirhead')
  await walk.find(netta)
  await walk.follow(netta.name, 'care-refused')
  await walk.says(
    /We cannot show you this record/,
    /Refused/,
    /Why/,
    /What would change this/,
    /Who decides/,
    /This refusal is recorded and the person can see it/
  )
  assert.equal(await walk.page.locator('main a[href^="tel:"]').count() > 0, true, 'there is a number to ring')
  await walk.signOut()
}

/** Netta reads all three lines in her own account. */
export async function personReadsAccount(walk, why) {
  await walk.signIn(netta.name)
  await walk.says(/people have asked about you/, /times?/)
  await walk.open('/me/access', 'me-access')
  const lines = await walk.page.locator('.c-line__sentence').allInnerTexts()
  const line = (...all) => lines.find((text) => all.every((one) => one.test(text)))
  assert.ok(line(/Derek Muirhead/, /housing officer/i), 'the refusal is there')
  assert.ok(line(/Fraser Abercrombie/, /told Sheila Mathieson/, /by telephone/), 'the call is there')
  assert.ok(line(/Fraser Abercrombie/, /because/), 'what he saw is there')
  const call = walk.page.locator('.c-line', { hasText: 'told Sheila Mathieson' }).first()
  assert.ok((await call.textContent()).includes(why), 'the reason of the call is there')
  const refused = walk.page.locator('.c-line', { hasText: 'Derek Muirhead' }).first()
  assert.match(await refused.locator('.nhsuk-tag').innerText(), /Refused/i)
}

/** She stops the council being told, then starts again: the same number of presses each way. */
export async function personStopsAndStarts(walk, organisation) {
  await walk.open('/me/sharing', 'me-sharing')
  await walk.page.getByRole('radio', { name: organisation, exact: true }).check()
  await walk.press('Stop sharing', 'me-sharing-stopped')
  await walk.page.locator('[name=objection]').first().check()
  await walk.press('Start sharing again', 'me-sharing-started')
  await walk.signOut()
}
