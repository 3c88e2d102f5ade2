// Holds what the exporters told against OpenTelemetry's own generated code, against the rules of the decision log, and
// against the published schema of the Logboek Dataverwerkingen. Usage: node validate.mjs FOLDER MODULES CASES
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

const [folder, modules, cases] = process.argv.slice(2)
const require = createRequire(modules + '/package.json')
const root = require(modules + '/node_modules/@opentelemetry/otlp-transformer/build/src/generated/root.js')
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest
let wrong = 0
const must = (right, what) => {
  if (!right) {
    ++wrong
    console.log('WRONG', what)
  }
}

// OTLP's JSON writes ids in hexadecimal; the generated code wants bytes.
function decoded(value, key) {
  if (Array.isArray(value)) return value.map((each) => decoded(each))
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decoded(v, k)]))
  return ['traceId', 'spanId', 'parentSpanId'].includes(key) ? Buffer.from(value, 'hex') : value
}

// Names that the generated code does not know would be lost on the way.
function unknown(given, kept, path = '') {
  if (given instanceof Uint8Array || given === null || typeof given !== 'object') return []
  return Object.entries(given).flatMap(([key, value]) =>
    kept === undefined || kept === null || !(key in kept) ? [path + '/' + key] : unknown(value, kept[key], path + '/' + key))
}

function plain(any) {
  if ('stringValue' in any) return any.stringValue
  if ('boolValue' in any) return any.boolValue
  if ('intValue' in any) return Number(any.intValue)
  if ('arrayValue' in any) return any.arrayValue.values.map(plain)
  return object(any.kvlistValue.values)
}
const object = (list) => Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]))

function spansOf(kind) {
  return readdirSync(folder).filter((each) => each.startsWith(kind + '-')).flatMap((file) => {
    const given = JSON.parse(readFileSync(folder + '/' + file, 'utf8'))
    const bytes = decoded(given)
    const message = Request.fromObject(bytes)
    must(Request.verify(message) === null, `${file}: ${Request.verify(message)}`)
    const again = Request.decode(Request.encode(message).finish())
    const lost = unknown(bytes, Request.toObject(again, { longs: String, enums: Number, arrays: true }))
    must(lost.length === 0, `${file}: OpenTelemetry does not know ${lost.join(', ')}`)
    return given.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans))
  })
}

const hex = (text, digits) => new RegExp(`^[0-9a-f]{${digits}}$`).test(text) && !/^0+$/.test(text)
const decisions = spansOf('adl')
const cores = ['request', 'response', 'policies', 'information', 'configuration'].map((each) => 'adl.core.' + each)
for (const span of decisions) {
  const attributes = object(span.attributes), body = attributes.body
  must(hex(span.traceId, 32) && hex(span.spanId, 16), 'ids of a decision')
  must(span.name === 'adl.access_evaluation' && attributes.event_name === span.name, 'event_name')
  must(/^[0-9]{19}$/.test(span.startTimeUnixNano), 'time of a decision')
  for (const key of cores) must((key in attributes) !== (key in body), `${key} in exactly one place`)
  must(typeof body['adl.core.response'].decision === 'boolean', 'a decision that is yes or no')
  must(body['adl.core.response'].decision || span.status.code !== 0, 'a status')
  must(!('adl.fsc.transaction_id' in attributes), 'no FSC transaction without FSC')
}
const lines = spansOf('ldv')
const schema = cases + '/logging-standards/schemas/ldv-attributes.schema.json'
let skipped = 0
if (existsSync(schema)) {
  const Ajv = require('ajv').default, formats = require('ajv-formats').default
  const ajv = new Ajv({ strict: false })
  formats(ajv)
  const valid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')))
  for (const span of lines) must(valid(object(span.attributes)), JSON.stringify(valid.errors))
  must(!valid({ ...object(lines[0].attributes), 'dpl.core.processing_activity_id': 'no uri' }), 'the schema refuses what is wrong')
} else {
  ++skipped
}
for (const span of lines) {
  const attributes = object(span.attributes)
  for (const key of ['processing_activity_id', 'data_subject_id', 'data_subject_id_type'])
    must(attributes['dpl.core.' + key], 'dpl.core.' + key)
  must(hex(span.parentSpanId, 16) && BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), 'a line below its decision')
}
for (const file of readdirSync(folder).filter((each) => each.startsWith('hook-'))) {
  const event = JSON.parse(readFileSync(folder + '/' + file, 'utf8'))
  must(event.specversion === '1.0' && event.id && /^urn:/.test(event.source) && /^nl\./.test(event.type), file + ': CloudEvents NL GOV')
}
must(decisions.length > 0 && lines.length > 0, 'something was told')
console.log(`exports: ${decisions.length} decisions and ${lines.length} lines ${wrong === 0 ? 'valid' : 'NOT valid'}, ${skipped} schemas skipped`)
process.exit(wrong === 0 ? 0 : 1)
