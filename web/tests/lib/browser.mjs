// The browser that the tests and the screenshots share.
import { chromium } from 'playwright-core'

/** The windows that every page must fit: a desk, a telephone, and a desk with letters four times as large. */
export const sizes = [
  { width: 1280, height: 600 },
  { width: 375, height: 600 },
  { width: 320, height: 256 }
]

/** Starts Chromium with nothing that would reach out by itself. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CANDOUR_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run'
    ]
  })
}

/** Collects whatever a page complains about: console errors, exceptions, blocked requests. */
export function complaints(page) {
  const found = []
  page.on('console', (message) => {
    // A page answered with 403, 404 or 422 is a page like any other; Chromium reports it here.
    const expected = /Failed to load resource.*status of (403|404|422|400)/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !expected) found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(String(error)))
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    // A page left before all of it came, which is no fault of the page.
    if (reason !== 'net::ERR_ABORTED') found.push(`${request.url()}: ${reason}`)
  })
  return found
}
