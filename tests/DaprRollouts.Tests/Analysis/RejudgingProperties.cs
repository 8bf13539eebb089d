using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>A verdict rests on stored measurements alone: judging them again, in one go or after a crash, gives the same.</summary>
public class RejudgingProperties
{
    private static readonly Gen<Metric> AnyMetric = Gen.Select(Gen.Int[-1, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 8]).Select(
        (failures, inconclusives, errors, successes, count) => Metric() with
        {
            FailureLimit = successes == 0 ? Math.Max(0, failures) : failures,
            InconclusiveLimit = Math.Min(inconclusives, count == 0 ? 3 : count),
            ConsecutiveErrorLimit = errors,
            ConsecutiveSuccessLimit = successes,
            Count = count == 0 ? 0 : Math.Max(count, Math.Max(0, failures) + successes),
            Interval = "1s",
        });

    private static readonly Gen<string[]> Phases = Gen.OneOf("Successful", "Successful", "Failed", "Inconclusive", "Error").Array[1, 15];

    [Fact]
    public void Judging_the_stored_measurements_again_gives_the_same_verdict() =>
        Gen.Select(AnyMetric, Phases).Sample((metric, phases) =>
        {
            var plan = Plan(metric);
            var (status, taken) = Run(plan, phases);
            var again = taken.Aggregate(new AnalysisRunStatus(), (s, t) =>
                Judge.Assess(plan, TakenMeasurement.Restore(plan, s, [t]), Schedule.IsTerminating(plan, s), t.Measurement.FinishedAt!.Value).Status);
            return Same(status, again);
        });

    [Fact]
    public void Measurements_that_are_stored_already_are_not_added_again() =>
        Gen.Select(AnyMetric, Phases, Gen.Int[0, 15]).Sample((metric, phases, known) =>
        {
            var plan = Plan(metric);
            var (status, taken) = Run(plan, phases);
            return Same(status, TakenMeasurement.Restore(plan, status, taken.Skip(Math.Min(known, taken.Count))));
        });

    [Fact]
    public void A_status_survives_its_way_to_the_api_server_and_back() =>
        Gen.Select(AnyMetric, Phases).Sample((metric, phases) =>
        {
            var (status, _) = Run(Plan(metric), phases);
            return Same(status, JsonSerializer.Deserialize<AnalysisRunStatus>(JsonSerializer.Serialize(status, ModelJson.Options), ModelJson.Options)!);
        });

    [Fact]
    public void Nothing_is_measured_once_a_run_has_ended() =>
        Gen.Select(AnyMetric, Phases).Sample((metric, phases) =>
        {
            var plan = Plan(metric);
            var (status, _) = Run(plan, phases);
            return !AnalysisPhase.IsCompleted(status.Phase) || Schedule.Due(plan, status, Beat.None, Start.AddDays(1)).Count == 0;
        });

    private static (AnalysisRunStatus Status, List<TakenMeasurement> Taken) Run(AnalysisPlan plan, string[] phases)
    {
        var status = new AnalysisRunStatus();
        List<TakenMeasurement> taken = [];
        for (var i = 0; i < phases.Length && !AnalysisPhase.IsCompleted(status.Phase); i++)
        {
            taken.Add(new TakenMeasurement("m", i + 1, Measured(phases[i], i)));
            status = Look(plan, status, i, ("m", taken[^1].Measurement));
        }

        return (status, taken);
    }

    private static bool Same(AnalysisRunStatus a, AnalysisRunStatus b) => JsonNode.DeepEquals(ModelJson.ToNode(a), ModelJson.ToNode(b));
}
