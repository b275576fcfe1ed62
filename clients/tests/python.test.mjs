// What suppliers write in Python: each story is a script of its own, which ends with 0 if it holds.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openExchange } from '../lib/exchange.mjs'
import { admit } from '../lib/patient.mjs'

const python = join(import.meta.dirname, '../.venv/bin/python')

let exchange
before(async () => (exchange = await openExchange()))
after(() => exchange?.close())

/** Carries out a script with what it needs to know in its environment. */
async function tell(script, patient) {
  const env = {
    ...process.env,
    FHIR_BASE: exchange.base,
    FHIR_TOKEN: exchange.bearer('ifeoma-nwosu'),
    FHIR_OTHER_TOKEN: exchange.bearer('derek-muirhead', 'HOUSING-ADAPT'),
    FHIR_PATIENT: patient
  }
  const child = spawn(python, [join(import.meta.dirname, '../python', script)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)
}

test('fhirpy', async () => tell('with_fhirpy.py', await admit(exchange, 'fhirpy-1', 'Pywell')))

test('fhirclient for Python', async () => tell('with_fhirclient.py', await admit(exchange, 'fhirclient-1', 'Smartwell')))
