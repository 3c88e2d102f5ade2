// The management API `/beheer/v1` (NL GOV API Design Rules): registers, proposals, accounts, for people with a session.
// One thread. Described in docs/api/beheer.json, which it serves itself.
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "gateway/accounts/sign_in.hpp"
#include "gateway/api/message.hpp"
#include "gateway/observe/recent.hpp"
#include "gateway/past/recorded.hpp"
#include "gateway/workflow/workflow.hpp"

namespace koppelpoort::api {

// The session that a browser shows; empty when it shows none.
std::string_view cookie_of(const Request& request);

class Api {
 public:
  using Clock = std::function<std::int64_t()>;  // seconds since 1970
  // Records, durably, that this account looks at decisions; false: it could not, and nothing is shown.
  using Look = std::function<bool(const std::string& account, std::string_view role, std::string_view what)>;
  // A decision from the ledger, with the registers that it was made on; nothing when there is no such decision.
  struct Remembered {
    RecordedDecision recorded;
    std::shared_ptr<const Snapshot> snapshot;
  };
  // How the gate is, for those who watch it. Times in seconds since 1970.
  struct Health {
    std::string node, version;
    bool sealed = false, stuck = false, stale = false;
    std::int64_t records = 0, registers = 0, registers_read_at = 0, certificate_days = 0, revocation_days = 0;
    std::int64_t cosigned_size = -1, cosigned_at = 0, stamped_at = -1;  // negative: not configured
    std::int64_t exports_behind = 0;
    std::uint64_t export_failures = 0, witness_failures = 0, timestamp_failures = 0, upstream_errors = 0,
                  reload_failures = 0;
  };
  // What it works with.
  struct Means {
    Workflow& workflow;
    Accounts& accounts;
    Recent& recent;
    Keys& keys;
    const Knowledge& knowledge;
    std::string description;  // the OpenAPI document
    Clock clock;
    Look look;
    std::function<std::shared_ptr<const Snapshot>()> in_force;
    std::function<std::optional<Remembered>(const std::string& decision)> remembered;
    // The exchange of a recent decision, as today's catalogue reads it.
    std::function<RecordedDecision(const RecentDecision& decision)> exchange_of;
    std::function<Health()> health;
    boost::json::array exercises;  // as `koppelpoort practise --export` writes them
  };
  explicit Api(Means means);

  Answer answer(const Request& request);  // never throws
  // Every right there is, as `GET /doelen/{}`: what the description must hold.
  static std::vector<std::string> operations();

 private:
  struct Caller {
    SignIn::Known known;
    Actor actor;
  };
  struct Call {
    const Request& request;
    Language language;
    std::int64_t now;
    std::vector<std::string> path;  // segments behind /beheer/v1
    const Caller* caller = nullptr;
    boost::json::object body;
  };
  using Handler = Answer (Api::*)(const Call&);
  struct Route {
    const char* method;
    std::vector<const char*> path;  // `{}` is anything
    Handler handler;
    bool open = false;           // without a session
    bool when_changing = false;  // also while the password must be changed
  };
  static const std::vector<Route>& routes();

  Answer route(const Request& request, Language language);
  Answer call(const Route& route, Call& call);
  Caller caller_of(const Request& request, Language language, std::int64_t now);
  void refuse_often(const std::string& who, std::size_t most, Language language, std::int64_t now);
  static void need(const Call& call, Right right);
  // Empty when it is not registered. Takes the registers that the caller looks at: they are replaced when newer ones
  // are asked for.
  static std::string name_of_organisation(const Registers& registers, const std::string& oin);
  std::string name_of_account(const std::string& id);

  // Sessions and accounts (accounts.cpp).
  Answer sign_in(const Call& call);
  boost::json::object signed_in_as(const Account& account, const std::string& csrf);
  Answer sign_out(const Call& call);
  Answer who(const Call& call);
  Answer change_password(const Call& call);
  Answer list_accounts(const Call& call);
  Answer add_account(const Call& call);
  Answer change_account(const Call& call);
  Answer recover_account(const Call& call);
  Answer confirm_account(const Call& call);
  Account own_account(const Call& call);

  // Registers (registers.cpp).
  Answer describe(const Call& call);
  Answer list_bases(const Call& call);
  Answer show_basis(const Call& call);
  Answer list_organisations(const Call& call);
  Answer list_services(const Call& call);
  Answer show_service(const Call& call);
  Answer list_reasons(const Call& call);
  Answer show_linkages(const Call& call);
  Answer list_words(const Call& call);
  Answer list_purposes(const Call& call);
  Answer show_purpose(const Call& call);
  Answer list_remarks(const Call& call);
  Answer suspend_purpose(const Call& call);
  Answer withdraw_purpose(const Call& call);

  Answer acknowledge_report(const Call& call);

  // Practising (practice.cpp).
  Answer list_exercises(const Call& call);
  Answer answer_exercise(const Call& call);

  // Oversight (oversight.cpp).
  Answer show_node(const Call& call);
  Answer list_events(const Call& call);

  // Decisions (decisions.cpp).
  Answer list_decisions(const Call& call);
  Answer stream_decisions(const Call& call);
  Answer count_decisions(const Call& call);
  Answer show_decision(const Call& call);
  Answer try_exchange(const Call& call);
  boost::json::object with_names(const RecentDecision& decision, const std::string& reader);
  void begin_looking(const Call& call);

  // Proposals (proposals.cpp).
  Answer list_proposals(const Call& call);
  Answer show_proposal(const Call& call);
  Answer create_proposal(const Call& call);
  Answer edit_proposal(const Call& call);
  Answer preview_proposal(const Call& call);
  std::map<std::pair<std::string, std::string>, boost::json::object> rehearse(const Call& call, const Snapshot& draft,
                                                                              const std::set<std::string>& purposes);
  Answer submit(const Call& call);
  Answer ask(const Call& call);
  Answer answer_question(const Call& call);
  Answer advise(const Call& call);
  Answer sign(const Call& call);
  Answer withdraw(const Call& call);
  Answer take(const Call& call, Step step);
  const Proposal& own_proposal(const Call& call);
  std::string titles_of(const Proposal& proposal, Language language);
  boost::json::object summary_of(const Proposal& proposal, Language language);
  Answer proposal_answer(int status, const Proposal& proposal, const Call& call);

  Means means_;
  Workflow& workflow_;
  Accounts& accounts_;
  const Knowledge& knowledge_;
  SignIn sign_in_;
  std::deque<AccountEvent> account_events_;  // the newest
  std::int64_t accounts_known_ = 0;
  std::map<std::string, std::deque<std::int64_t>> calls_;  // when, by caller
  struct Created {
    std::string digest;  // of the body
    Answer answer;
  };
  std::map<std::string, Created, std::less<>> created_;  // by account and Idempotency-Key
  std::deque<std::string> created_order_;
};

}  // namespace koppelpoort::api
