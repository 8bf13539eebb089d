using CsCheck;
using DaprRollouts.Core.Analysis.Explaining;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>A run can be explained by what is stored of it, and judging that again gives the same.</summary>
public class ExplanationTests
{
    private static readonly Gen<(int Failures, int Errors, int Successes, int Count, string[] Phases)[]> Runs = Gen.Select(
        Gen.Int[-1, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 6], Gen.OneOf("Successful", "Successful", "Failed", "Inconclusive", "Error").Array[0, 12]).Array[1, 3];

    [Theory]
    [InlineData("result[0] >= 0.95", "0.97 >= 0.95")]
    [InlineData("len(result) > 0 && result[0] >= 0.95", "1 > 0 && 0.97 >= 0.95")]
    [InlineData("result[0] < 0.5 and result[0] > 0.1", "0.97 < 0.5 and ...")]
    [InlineData("result[0] > 0.5 or result[0] < 0.1", "0.97 > 0.5 or ...")]
    [InlineData("!(result[0] < 0.95)", "!(0.97 < 0.95)")]
    [InlineData("all(result, # > 0.5)", "true")]
    [InlineData("0.9 < result[0] < 1", "0.9 < 0.97 && 0.97 < 1")]
    public void A_condition_is_told_with_the_values_that_decided_it(string condition, string told)
    {
        var result = TypedList.OfNumbers([0.97]);

        Assert.Equal(told, Expression.Condition(condition, StaticType.Of(result)).Explain(result, Start));
    }

    [Fact]
    public void A_run_is_explained_measurement_by_measurement()
    {
        var spec = new AnalysisRunSpec
        {
            Metrics =
            [
                new Metric
                {
                    Name = "success-rate", SuccessCondition = "result[0] >= 0.95", Count = 5, Interval = "10s", FailureLimit = 1,
                    Provider = new MetricProvider { Prometheus = new PrometheusMetric { Query = "q" } },
                },
            ],
        };
        var plan = AnalysisPlan.Of(spec);
        var status = new AnalysisRunStatus();
        (string Phase, string? Value, string? Message)[] measured = [("Successful", "[0.97]", null), ("Failed", "[0.5]", null), ("Error", null, "no answer within 30s"), ("Failed", "[]", null)];
        for (var i = 0; i < measured.Length; i++)
        {
            status = Look(plan, status, i, ("success-rate", Measured(measured[i].Phase, i, measured[i].Message) with { Value = measured[i].Value }));
        }

        var explained = RunExplainer.Explain(spec, null, status, Start);

        Assert.Equal(("Failed", "Failed", "the worst that a metric came to: success-rate"), (explained.Phase, explained.JudgedAgain, explained.Why));
        var metric = Assert.Single(explained.Metrics);
        Assert.Equal("failed (2) > failureLimit (1)", metric.Why);
        Assert.Equal(["measured 3 of 5", "successful 1", "failed 2, 1 tolerated", "inconclusive 0, 0 tolerated", "errors 1, in a row 0, 4 tolerated"], metric.Counts);
        Assert.Equal(
            ["1 Successful 0.97 >= 0.95 is true", "2 Failed 0.5 >= 0.95 is false", "3 Error no answer within 30s", "4 Failed "],
            metric.Measurements.Select(m => $"{m.Number} {m.Phase} {string.Join("; ", m.Reasons)}"));
    }

    [Theory]
    [InlineData("prometheus", "[0.97,NaN]", "[0.97 NaN]")]
    [InlineData("prometheus", "NaN", "NaN")]
    [InlineData("prometheus", "[]", "[]")]
    [InlineData("datadog", "[]", "<nil>")]
    [InlineData("datadog", "0.000645", "0.000645")]
    [InlineData("web", "{\"ok\":true}", "map[ok:true]")]
    [InlineData("web", "I am OK", "I am OK")]
    [InlineData("newRelic", "[{\"a\":1}]", "[map[a:1]]")]
    [InlineData("influxdb", "[1 6.6]", "unknown")]
    [InlineData("prometheus", "[*****]", "unknown")]
    public void Stored_values_are_read_back_where_they_say_enough(string provider, string text, string result) =>
        Assert.Equal(result, StoredValue.TryRead(provider, text, out var value) ? DaprRollouts.Core.Analysis.GoFormat.Default(value) : "unknown");

    [Fact]
    public void Judging_what_is_stored_again_gives_the_phases_and_messages_that_were_stored() =>
        Gen.Select(Runs, Gen.Bool, Gen.Int[1, 12]).Sample((runs, isTerminated, at) =>
        {
            var spec = new AnalysisRunSpec { Metrics = [.. runs.Select((r, i) => Of(r, i))] };
            var status = new AnalysisRunStatus();
            for (var second = 0; second < 15 && !AnalysisPhase.IsCompleted(status.Phase); second++)
            {
                spec = spec with { Terminate = isTerminated && second >= at ? true : null };
                var plan = AnalysisPlan.Of(spec);
                var terminating = Schedule.IsTerminating(plan, status);
                status = Look(plan, status, second, [.. Due(plan, status, runs, terminating, second)]);
            }

            var again = Judge.Again(AnalysisPlan.Of(spec), status, Start.AddDays(1));

            return Seen(status) == Seen(again);
        });

    private static Metric Of((int Failures, int Errors, int Successes, int Count, string[] Phases) run, int index) => Metric($"m{index}") with
    {
        FailureLimit = run.Successes == 0 ? Math.Max(0, run.Failures) : run.Failures,
        ConsecutiveErrorLimit = run.Errors,
        ConsecutiveSuccessLimit = run.Successes,
        Count = run.Count == 0 ? 0 : Math.Max(run.Count, Math.Max(0, run.Failures) + run.Successes),
        Interval = "1s",
    };

    private static IEnumerable<(string, Measurement)> Due(
        AnalysisPlan plan, AnalysisRunStatus status, (int Failures, int Errors, int Successes, int Count, string[] Phases)[] runs, bool terminating, int second)
    {
        for (var i = 0; i < runs.Length; i++)
        {
            if (!terminating && second < runs[i].Phases.Length && !AnalysisPhase.IsCompleted(status.Result($"m{i}")?.Phase))
            {
                yield return ($"m{i}", Measured(runs[i].Phases[second], second, $"{second}"));
            }
        }
    }

    // A run that has not ended has nothing to be judged again but its phase.
    private static string Seen(AnalysisRunStatus status) => string.Join(
        '\n',
        (status.MetricResults ?? []).Select(r => $"{r.Name} {r.Phase} {(AnalysisPhase.IsCompleted(r.Phase) ? r.Message : "")}")
            .Prepend($"{status.Phase} {status.Message} {ModelJson.ToNode(status.RunSummary ?? new AnalysisRunSummary())}"));
}
