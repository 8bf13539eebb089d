using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>What metrics make of missing data, too few samples, and of a baseline beside them.</summary>
public class PolicyTests
{
    private static readonly TypedList Empty = TypedList.OfNumbers([]);

    [Theory]
    [InlineData("inconclusive", "Inconclusive")]
    [InlineData("failed", "Failed")]
    [InlineData("successful", "Successful")]
    [InlineData("error", "Error")]
    public void No_data_counts_as_the_policy_says_whatever_the_condition_makes_of_it(string policy, string phase)
    {
        var metric = Metric() with { FailureCondition = "len(result) > 0 && result[0] > 1" };
        var policies = Policy($"m: {{onNoData: {policy}}}");

        foreach (var result in (object?[])[null, Empty, double.NaN, TypedList.OfNumbers([double.NaN]), ""])
        {
            Assert.Equal(phase, ValueJudgement.Of(metric, policies, result, Start).Phase);
        }

        Assert.Equal("Successful", ValueJudgement.Of(metric, policies, TypedList.OfNumbers([0.5]), Start).Phase);
        Assert.Equal("Failed", ValueJudgement.Of(metric, policies, TypedList.OfNumbers([2]), Start).Phase);
    }

    [Fact]
    public void Without_a_policy_all_is_as_with_Argo()
    {
        var metric = Metric() with { FailureCondition = "result >= 0.95" };

        var judged = ValueJudgement.Of(metric, MetricPolicy.None, double.NaN, Start);

        Assert.Equal(("Successful", null), (judged.Phase, judged.Metadata));
    }

    [Fact]
    public void A_metric_with_too_few_samples_does_not_succeed()
    {
        var plan = PlanOf(Metric() with { Count = 4, Interval = "1s" }, "m: {onNoData: successful, minSamples: 3}");

        var status = Judged(plan, Empty, 1d, 1d, Empty);

        Assert.Equal("Inconclusive", status.Phase);
        Assert.Equal("Metric \"m\" assessed Inconclusive due to samples (2) < minSamples (3): \"Error Message: no data: counted as Successful by onNoData\"", status.Message);
        Assert.Equal((1, 0), (status.RunSummary!.Inconclusive, status.RunSummary.Successful));
        Assert.Equal("Successful", Judged(plan, Empty, 1d, 1d, 1d).Phase);
    }

    [Fact]
    public void A_run_that_is_ended_before_it_has_enough_samples_does_not_succeed()
    {
        var plan = PlanOf(Metric() with { Interval = "1s" }, "'*': {minSamples: 2, onNoData: failed}") with { Terminate = true };

        Assert.Equal("Failed", Judged(plan, 1d).Phase);
        Assert.Equal("Successful", Judged(plan with { Terminate = false }, 1d, 1d).Phase == "Running" ? "Successful" : "");
        Assert.Equal("Failed", Look(plan, new AnalysisRunStatus(), 0).Phase);
    }

    [Fact]
    public void A_canary_that_is_worse_than_its_baseline_fails_as_soon_as_that_is_sure()
    {
        var plan = PlanOf(Metric() with { Interval = "1s", Count = 40 }, "m: {compare: {method: sequential}}");

        var status = Judged(plan, [.. Enumerable.Range(0, 40).Select(i => (object)TypedList.OfNumbers([10 + i % 3, i % 3]))]);

        Assert.Equal("Failed", status.Phase);
        Assert.InRange(status.MetricResults![0].Count, 5, 12);
        Assert.Contains("canary is worse than baseline: evidence", status.MetricResults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lower_can_be_worse()
    {
        var lower = PlanOf(Metric() with { Interval = "1s", Count = 40 }, "m: {compare: {method: sequential, worse: lower}}");
        object[] results = [.. Enumerable.Range(0, 40).Select(i => (object)TypedList.OfNumbers([10 + i % 3, i % 3]))];

        Assert.Equal("Successful", Judged(lower, results).Phase);
    }

    [Theory]
    [InlineData(3, "Failed")]
    [InlineData(0, "Successful")]
    public void A_rank_test_is_looked_at_once_at_the_end(double shift, string phase)
    {
        var plan = PlanOf(
            Metric() with { Interval = "1s", Count = 8, SuccessCondition = "len(result.canary) > 0" },
            "m: {compare: {method: mannWhitney, canary: result.canary, baseline: result.baseline}}");

        var status = Judged(plan, [.. Enumerable.Range(0, 8).Select(i => (object)new Dictionary<string, object?>
        {
            ["canary"] = new object?[] { shift + i % 4, shift + 0.25 + i % 5 },
            ["baseline"] = new object?[] { i % 5 + 0.125, i % 4 + 0.375 },
        })]);

        Assert.Equal((phase, 8), (status.Phase, status.MetricResults![0].Count));
    }

    [Theory]
    [InlineData("m: {onNodata: failed}", "m has no field onNodata: did you mean \"onNoData\"?")]
    [InlineData("m: {onNoData: inconclusiv}", "m.onNoData \"inconclusiv\" is not known: did you mean \"inconclusive\"?")]
    [InlineData("n: {minSamples: 1}", "there is no metric n")]
    [InlineData("m: {minSamples: few}", "m.minSamples \"few\" is not a whole number")]
    [InlineData("m: {minSamples: 9}", "minSamples (9) cannot be reached with count 5")]
    [InlineData("m: {compare: {}}", "m.compare.method is missing")]
    [InlineData("m: {compare: {method: sequential, falseAlarmRate: 5}}", "must lie between 0 and 1")]
    [InlineData("m: [", "1:")]
    [InlineData("m: [1\nb", ": what follows cannot be read")]
    [InlineData("m", "must be a map")]
    [InlineData("m: &a {compare: *a}", "nested more than 60 levels deep")]
    public void Mistakes_are_named(string annotation, string problem)
    {
        var error = Assert.Throws<InvalidAnalysisException>(() => PlanOf(Metric() with { Count = 5, Interval = "1s" }, annotation));

        Assert.StartsWith("Analysis spec invalid: annotation dapr-rollouts.io/metrics: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_several_templates_say_of_a_metric_the_first_counts()
    {
        var merged = MetricPolicies.Merge([Annotation("a: {minSamples: 1}"), null, Annotation("a: {minSamples: 2}\nb: {onNoData: failed}")]);

        var policies = MetricPolicies.Of([new(OwnNames.Metrics, merged!)]);
        Assert.Equal((1, "Failed", MetricPolicy.None), (policies.Of("a", "a").MinSamples, policies.Of("b", "b").OnNoData, policies.Of("c", "c")));
        Assert.Null(MetricPolicies.Merge([null, []]));
    }

    private static Dictionary<string, string> Annotation(string text) => new() { [OwnNames.Metrics] = text };

    private static MetricPolicy Policy(string text) => MetricPolicies.Of(Annotation(text)).Of("m", "m");

    private static AnalysisPlan PlanOf(Metric metric, string annotation) => AnalysisPlan.Of(new AnalysisRunSpec { Metrics = [metric] }, Annotation(annotation));

    /// <summary>The status after these results, as far as the run lasts.</summary>
    private static AnalysisRunStatus Judged(AnalysisPlan plan, params object[] results)
    {
        var status = new AnalysisRunStatus();
        var metric = plan.Metrics[0];
        for (var i = 0; i < results.Length && !AnalysisPhase.IsCompleted(status.Phase); i++)
        {
            var judged = ValueJudgement.Of(metric.Metric, metric.Policy, results[i], Start);
            status = Look(plan, status, i, ("m", Measured(judged.Phase, i, judged.Message) with { Metadata = judged.Metadata }));
        }

        return status;
    }
}
