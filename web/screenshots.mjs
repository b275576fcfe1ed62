// Photographs the pages into screenshots/: the README's walk through a running town, and every
// page in every state from the samples, at a desk, on a telephone and on paper.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from './tests/lib/browser.mjs'
import { startTown } from './tests/lib/candour.mjs'
import { serveSamples } from './tests/lib/samples.mjs'
import {
  Walk,
  housingOfficerIsRefused,
  personReadsAccount,
  personStopsAndStarts,
  socialWorkerNotesCall,
  socialWorkerReads
} from './tests/lib/walk.mjs'

const folder = fileURLToPath(new URL('../screenshots', import.meta.url))
const windows = { desk: { width: 1280, height: 800 }, telephone: { width: 375, height: 667 } }
let taken = 0

function camera(...place) {
  const into = join(folder, ...place)
  mkdirSync(into, { recursive: true })
  return async (page, name) => {
    await page.screenshot({ path: join(into, `${name}.png`), fullPage: true })
    taken += 1
  }
}

async function photographTown(browser) {
  const town = await startTown()
  try {
    for (const [name, viewport] of Object.entries(windows)) {
      const page = await browser.newPage({ viewport })
      const why = `to plan her week (${name})`
      const walk = new Walk(page, town.address, camera('town', name))
      await walk.open('/', 'home')
      await socialWorkerReads(walk)
      await socialWorkerNotesCall(walk, why)
      await housingOfficerIsRefused(walk)
      await personReadsAccount(walk, why)
      await personStopsAndStarts(walk, 'Northburn Council Social Work')
      await page.close()
    }
  } finally {
    await town.stop()
  }
}

async function photographSamples(browser) {
  const samples = await serveSamples()
  try {
    for (const [name, viewport] of Object.entries(windows)) {
      const page = await browser.newPage({ viewport })
      const photograph = camera('states', name)
      for (const sample of samples.names) {
        await page.goto(samples.address(sample))
        await photograph(page, sample)
      }
      await page.close()
    }
    const page = await browser.newPage({ viewport: { width: 794, height: 1123 } })
    await page.emulateMedia({ media: 'print' })
    const photograph = camera('paper')
    for (const sample of ['care-record', 'care-refused', 'me-access']) {
      await page.goto(samples.address(sample))
      await photograph(page, sample)
    }
    await page.close()
  } finally {
    samples.stop()
  }
}

const browser = await launch()
try {
  await photographTown(browser)
  await photographSamples(browser)
} finally {
  await browser.close()
}
console.log(`${taken} pictures in screenshots/`)
