using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Kayenta judges a canary in its own time; its score decides, conditions play no part.</summary>
public sealed class KayentaMetrics(MetricHttp http, TimeProvider time) : IMetricProvider
{
    private const string Execution = "canaryExecutionId";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public string Name => "kayenta";

    public async Task<Measurement> MeasureAsync(MetricRequest request, CancellationToken cancel) => request.Action switch
    {
        MeasurementAction.Run => await StartAsync(request, cancel),
        MeasurementAction.Resume => await ResumeAsync(request.Metric.Provider!.Kayenta!, request.Running!, cancel),
        _ => request.Running!, // there is no way to end a judgement
    };

    private async Task<Measurement> StartAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Kayenta!;
        var config = await ConfigAsync(settings, cancel);
        var body = new JsonObject
        {
            ["scopes"] = new JsonObject((settings.Scopes ?? []).Select(s => KeyValuePair.Create<string, JsonNode?>(s.Name ?? "", Scopes(request, s)))),
            ["thresholds"] = new JsonObject { ["pass"] = settings.Threshold?.Pass ?? 0, ["marginal"] = settings.Threshold?.Marginal ?? 0 },
        };
        var answer = await AskAsync(
            settings,
            $"/canary/{Uri.EscapeDataString(config)}",
            [
                new("application", settings.Application ?? ""), new("metricsAccountName", settings.MetricsAccountName ?? ""),
                new("configurationAccountName", settings.ConfigurationAccountName ?? ""), new("storageAccountName", settings.StorageAccountName ?? ""),
            ],
            body,
            cancel);
        var execution = AnswerJson.Read(answer, Name, root => root.Member(Execution)?.ToString());
        return string.IsNullOrEmpty(execution)
            ? throw new MetricException($"kayenta: Invalid canaryExecutionId: {answer.Excerpt}")
            : new Measurement
            {
                Phase = AnalysisPhase.Running,
                StartedAt = request.Now,
                ResumeAt = time.GetUtcNow() + LookAgain,
                Metadata = new Dictionary<string, string> { [Execution] = execution },
            };
    }

    private async Task<Measurement> ResumeAsync(KayentaMetric settings, Measurement running, CancellationToken cancel)
    {
        var execution = running.Metadata?.GetValueOrDefault(Execution) ?? throw new MetricException("kayenta: the measurement does not say which judgement it waits for");
        var answer = await AskAsync(settings, $"/canary/{Uri.EscapeDataString(execution)}", [], null, cancel);
        var (complete, score) = AnswerJson.Read(answer, Name, root => (
            root.Member("complete")?.GetBoolean() ?? throw new MetricException("kayenta: Missing Complete Status: the answer does not say whether the judgement is over"),
            root.Member("result")?.Member("judgeResult")?.Member("score")?.Member("score")?.GetDouble()));
        if (!complete)
        {
            return running with { ResumeAt = time.GetUtcNow() + LookAgain };
        }

        var points = (long)(score ?? throw new MetricException("kayenta: Missing Score"));
        return running with
        {
            Phase = points >= settings.Threshold?.Pass ? AnalysisPhase.Successful
                : points >= settings.Threshold?.Marginal ? AnalysisPhase.Inconclusive
                : AnalysisPhase.Failed,
            Value = points.ToString(CultureInfo.InvariantCulture),
            FinishedAt = time.GetUtcNow(),
            ResumeAt = null,
        };
    }

    private async Task<string> ConfigAsync(KayentaMetric settings, CancellationToken cancel)
    {
        // Kayenta finds its configurations in the storage account, whatever the parameter's name says.
        var answer = await AskAsync(
            settings, "/canaryConfig", [new("application", settings.Application ?? ""), new("configurationAccountName", settings.StorageAccountName ?? "")], null, cancel);
        return AnswerJson.Read(answer, Name, root => root.EnumerateArray()
                .FirstOrDefault(c => c.Member("name")?.GetString() == settings.CanaryConfigName) is { ValueKind: JsonValueKind.Object } config
                ? config.GetProperty("id").GetString()
                : null)
            ?? throw new MetricException($"kayenta: Canary config not found: there is none named \"{settings.CanaryConfigName}\"");
    }

    private async Task<MetricAnswer> AskAsync(
        KayentaMetric settings, string path, List<KeyValuePair<string, string>> query, JsonObject? body, CancellationToken cancel)
    {
        var address = MetricCall.AddressOf("kayenta address", settings.Address);
        var answer = await http.SendAsync(
            new MetricCall
            {
                Address = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + path, Query = HttpSignIn.Form(query) }.Uri,
                Method = body is null ? HttpMethod.Get : HttpMethod.Post,
                Body = body?.ToJsonString(ModelJson.Options),
                ContentType = body is null ? null : "application/json",
                Timeout = Timeout,
            },
            cancel);
        return answer.Status == 200 ? answer : throw new MetricException($"kayenta: Invalid Response: HTTP {answer.Status}: {answer.Excerpt}");
    }

    private JsonObject Scopes(MetricRequest request, KayentaScope scope)
    {
        var (control, experiment) = (scope.ControlScope ?? new KayentaScopeDetail(), scope.ExperimentScope ?? new KayentaScopeDetail());
        foreach (var (field, ofControl, ofExperiment) in new[] { ("start", control.Start, experiment.Start), ("end", control.End, experiment.End) })
        {
            if (string.IsNullOrEmpty(ofControl) != string.IsNullOrEmpty(ofExperiment))
            {
                throw new MetricException($"kayenta: controlScope.{field} and experimentScope.{field} must both be set or be empty (scope {scope.Name})");
            }
        }

        return new JsonObject { ["controlScope"] = Detail(request, control), ["experimentScope"] = Detail(request, experiment) };
    }

    private JsonObject Detail(MetricRequest request, KayentaScopeDetail scope) => new()
    {
        ["scope"] = scope.Scope,
        ["location"] = scope.Region,
        ["step"] = scope.Step,
        ["start"] = string.IsNullOrEmpty(scope.Start) ? ModelJson.Time(StartOf(request)) : scope.Start,
        ["end"] = string.IsNullOrEmpty(scope.End) ? ModelJson.Time(time.GetUtcNow()) : scope.End,
    };

    private DateTimeOffset StartOf(MetricRequest request) =>
        request.Metric.Provider!.Kayenta!.Lookback == true ? request.Run.StartedAt ?? time.GetUtcNow()
        : GoDuration.TryParse(request.Metric.Interval, out var interval) ? time.GetUtcNow() - interval
        : throw new MetricException("kayenta: without start, lookback or an interval of the metric it is not known what to judge");
}
