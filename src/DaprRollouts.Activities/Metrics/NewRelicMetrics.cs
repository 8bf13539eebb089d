using System.Globalization;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>New Relic, by NRQL.</summary>
public sealed class NewRelicMetrics(MetricHttp http, MetricAccounts accounts, TimeProvider time) : ImmediateMetrics(time)
{
    private const string DefaultProfile = "newrelic";
    private const int DefaultTimeoutSeconds = 5;
    private const int MaxRetries = 3;

    private const string Document =
        "query($accountId: Int!, $query: Nrql!, $timeout: Seconds) { actor { account(id: $accountId) { nrql(query: $query, timeout: $timeout) { results } } } }";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public override string Name => "newRelic";

    public override IReadOnlyDictionary<string, string>? Describe(Metric metric) =>
        metric.Provider?.NewRelic?.Query is { Length: > 0 } query ? new Dictionary<string, string> { ["ResolvedNewRelicQuery"] = query } : null;

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.NewRelic!;
        var timeout = settings.Timeout is null or 0 ? DefaultTimeoutSeconds : settings.Timeout.Value;
        if (timeout < 0)
        {
            throw new MetricException("newRelic: timeout must not be negative");
        }

        var profile = string.IsNullOrEmpty(settings.Profile) ? DefaultProfile : settings.Profile;
        var account = await accounts.ReadAsync(profile, ["personal-api-key", "account-id"], cancel);
        if (!long.TryParse(account["account-id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw new MetricException($"newRelic: account-id in secret '{profile}' is not a number");
        }

        var body = new JsonObject
        {
            ["query"] = Document,
            ["variables"] = new JsonObject { ["accountId"] = id, ["query"] = settings.Query, ["timeout"] = timeout },
        };
        var call = new MetricCall
        {
            Address = MetricCall.AddressOf("newRelic address", Endpoint(account)),
            Method = HttpMethod.Post,
            Headers = [("Api-Key", account["personal-api-key"]), ("Accept", "application/json")],
            Body = body.ToJsonString(ModelJson.Options),
            ContentType = "application/json",
        };
        return Value(await AskAsync(call, cancel));
    }

    private static string Endpoint(IReadOnlyDictionary<string, string> account)
    {
        if (account.GetValueOrDefault("base-url-nerdgraph") is { Length: > 0 } given)
        {
            return given;
        }

        return (account.GetValueOrDefault("region") ?? "").ToLowerInvariant() switch
        {
            "" or "us" => "https://api.newrelic.com/graphql",
            "eu" => "https://api.eu.newrelic.com/graphql",
            "jp" => "https://api.jp.newrelic.com/graphql",
            "gov" => "https://gov-api.newrelic.com/graphql",
            "staging" => "https://staging-api.newrelic.com/graphql",
            "local" => "http://localhost:3000/graphql",
            var other => throw new MetricException($"newRelic: region \"{other}\" is not known: there are us, eu, jp, gov, staging and local"),
        };
    }

    private async Task<MetricAnswer> AskAsync(MetricCall call, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await http.SendAsync(call, cancel);
            var overloaded = answer.Status is 429 or 500 or >= 502 || answer.Body.Contains("TOO_MANY_REQUESTS", StringComparison.Ordinal);
            if (!overloaded || attempt == MaxRetries)
            {
                return answer.IsSuccess ? answer : throw new MetricException($"newRelic: received response code {answer.Status}: {answer.Excerpt}");
            }

            await Task.Delay(RetryAfter, Time, cancel);
        }
    }

    private static MetricValue Value(MetricAnswer answer) => AnswerJson.Read(answer, "newRelic", root =>
    {
        if (root.Member("errors").Items() is { Count: > 0 } errors)
        {
            throw new MetricException($"newRelic: {errors[0].Member("message")?.ToString() ?? errors[0].ToString()}");
        }

        var rows = root.GetProperty("data").GetProperty("actor").GetProperty("account").GetProperty("nrql").Member("results").Items();
        if (rows.Count == 0)
        {
            throw new NoDataException("newRelic: no results returned from NRQL query");
        }

        var values = rows.Select(JsonValues.Of).ToList();
        if (values.Count > 1)
        {
            return new MetricValue(new TypedList(StaticType.AnyMap, values), GoFormat.Json(values));
        }

        return values[0] is IReadOnlyDictionary<string, object?> { Count: > 0 }
            ? new MetricValue(values[0], GoFormat.Json(values[0]))
            : throw new NoDataException("newRelic: no results returned from NRQL query: the row is empty");
    });
}
