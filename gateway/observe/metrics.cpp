#include "gateway/observe/metrics.hpp"

namespace koppelpoort {
namespace {

void header(std::string& out, const std::string& name, const char* type, const std::string& help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void single(std::string& out, const std::string& name, const char* type, const std::string& help, std::int64_t value) {
  header(out, name, type, help);
  out += name + " " + std::to_string(value) + "\n";
}

std::string seconds(std::int64_t micros) { return std::to_string(static_cast<double>(micros) / 1e6); }

std::int64_t read(const std::atomic<std::uint64_t>& value) {
  return static_cast<std::int64_t>(value.load(std::memory_order_relaxed));
}

}  // namespace

void Histogram::observe(std::int64_t micros) {
  std::size_t i = 0;
  while (i < bounds.size() && micros > bounds[i]) ++i;
  counts_[i].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(micros, std::memory_order_relaxed);
}

void Histogram::write(std::string& out, const std::string& name, const std::string& help) const {
  header(out, name, "histogram", help);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i].load(std::memory_order_relaxed);
    out += name + "_bucket{le=\"" + (i < bounds.size() ? seconds(bounds[i]) : std::string("+Inf")) + "\"} " +
           std::to_string(total) + "\n";
  }
  out += name + "_sum " + seconds(sum_.load(std::memory_order_relaxed)) + "\n" + name + "_count " +
         std::to_string(total) + "\n";
}

void Metrics::count(const Decision& made) {
  const auto one = [](auto& counter) { counter.fetch_add(1, std::memory_order_relaxed); };
  one(verdicts[static_cast<std::size_t>(made.verdict)]);
  if (made.verdict == Verdict::block) one(blocks[static_cast<std::size_t>(made.kind)]);
  for (const auto& finding : made.findings)
    if (finding.effect != Effect::note) one(codes[static_cast<std::size_t>(finding.code)]);
}

void Metrics::count_withheld(Code code) {
  codes[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_relaxed);
  blocks[static_cast<std::size_t>(BlockKind::undecided)].fetch_add(1, std::memory_order_relaxed);
}

std::string Metrics::text(const Ledger& ledger, std::int64_t now) const {
  std::string out;
  header(out, "koppelpoort_decisions_total", "counter", "Exchanges decided, by verdict.");
  for (const auto verdict : {Verdict::permit, Verdict::minimise, Verdict::block})
    out += "koppelpoort_decisions_total{verdict=\"" + std::string(name_of(verdict)) + "\"} " +
           std::to_string(read(verdicts[static_cast<std::size_t>(verdict)])) + "\n";
  header(out, "koppelpoort_blocks_total", "counter", "Blocked exchanges, by what kind of block it was.");
  for (const auto kind : {BlockKind::missing, BlockKind::forbidden, BlockKind::undecided})
    out += "koppelpoort_blocks_total{kind=\"" + std::string(name_of(kind)) + "\"} " +
           std::to_string(read(blocks[static_cast<std::size_t>(kind)])) + "\n";
  header(out, "koppelpoort_findings_total", "counter", "Findings that kept something back, by code.");
  for (std::size_t code = 0; code < codes.size(); ++code)
    if (const auto value = read(codes[code]); value > 0)
      out += "koppelpoort_findings_total{code=\"" + to_text(static_cast<Code>(code)) + "\"} " + std::to_string(value) +
             "\n";
  decision.write(out, "koppelpoort_decision_seconds", "Time of the decision alone.");
  exchange.write(out, "koppelpoort_exchange_seconds", "Time from the whole request to the whole answer.");
  upstream.write(out, "koppelpoort_upstream_seconds", "Time that providers took.");
  single(out, "koppelpoort_upstream_errors_total", "counter", "Provider calls that failed.", read(upstream_errors));
  single(out, "koppelpoort_key_failures_total", "counter",
         "Exchanges refused because pseudonym or data keys could not be had.", read(key_failures));
  single(out, "koppelpoort_connections_total", "counter", "Accepted connections.", read(connections));
  single(out, "koppelpoort_handshake_failures_total", "counter", "TLS handshakes that failed.",
         read(handshake_failures));
  single(out, "koppelpoort_open_connections", "gauge", "Open client connections.", open_connections.load());
  single(out, "koppelpoort_reload_failures_total", "counter",
         "Certificate or register reloads that were refused; the old ones stay.", read(reload_failures));
  single(out, "koppelpoort_register_version", "gauge", "Register version that decisions rest on.",
         register_version.load());
  single(out, "koppelpoort_register_age_seconds", "gauge", "Seconds since the registers were last seen to be current.",
         now - register_read_at.load());
  single(out, "koppelpoort_certificate_days", "gauge", "Days until the first own certificate ends.",
         certificate_days.load());
  single(out, "koppelpoort_revocation_list_days", "gauge", "Days until the first CRL is past its date.",
         revocation_days.load());
  single(out, "koppelpoort_ledger_records", "gauge", "Records in the ledger.", ledger.end());
  single(out, "koppelpoort_ledger_sealed", "gauge", "1 when the ledger sealed itself and nothing passes.",
         ledger.sealed() ? 1 : 0);
  if (cosigned_size.load() >= 0) {
    single(out, "koppelpoort_ledger_cosigned_records", "gauge",
           "Records under the newest checkpoint that witnesses signed.", cosigned_size.load());
    single(out, "koppelpoort_ledger_cosigned_age_seconds", "gauge",
           "Seconds since enough witnesses signed; above 300 somebody should look.", now - cosigned_at.load());
    single(out, "koppelpoort_witness_failures_total", "counter", "Times that a witness did not sign.",
           read(witness_failures));
  }
  if (stamped_at.load() >= 0) {
    single(out, "koppelpoort_ledger_timestamp_age_seconds", "gauge", "Seconds since the ledger got a timestamp.",
           now - stamped_at.load());
    single(out, "koppelpoort_timestamp_failures_total", "counter", "Times that no timestamp could be had.",
           read(timestamp_failures));
  }
  single(out, "koppelpoort_exports_behind_records", "gauge",
         "Records or register versions that the slowest exporter has yet to tell.", exports_behind.load());
  single(out, "koppelpoort_export_failures_total", "counter", "Times that a receiver of exports did not confirm.",
         read(export_failures));
  single(out, "koppelpoort_ledger_shed_total", "counter", "Records refused because the queue or the disk was full.",
         read(ledger.counts().shed));
  header(out, "koppelpoort_ledger_group_size", "histogram", "Records made durable by one sync.");
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < ledger.counts().group_sizes.size(); ++i) {
    total += ledger.counts().group_sizes[i].load(std::memory_order_relaxed);
    const bool last = i + 1 == ledger.counts().group_sizes.size();
    out += "koppelpoort_ledger_group_size_bucket{le=\"" +
           (last ? std::string("+Inf") : std::to_string(std::size_t{1} << i)) + "\"} " + std::to_string(total) + "\n";
  }
  out += "koppelpoort_ledger_group_size_sum " + std::to_string(read(ledger.counts().records)) + "\n";
  out += "koppelpoort_ledger_group_size_count " + std::to_string(read(ledger.counts().groups)) + "\n";
  return out;
}

}  // namespace koppelpoort
