using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Runs that cannot be carried out say why, and rules select metrics by regular expression.</summary>
public class PlanTests
{
    [Theory]
    [InlineData(".*", "error-rate rate")]
    [InlineData("", "error-rate rate")]
    [InlineData("rate", "error-rate rate")]
    [InlineData("^rate$", "rate")]
    public void Rules_match_anywhere_in_a_name(string rule, string selected) =>
        Assert.Equal(selected, string.Join(' ', AnalysisPlan.Of(Spec(rule)).Metrics.Where(m => m.DryRun).Select(m => m.Name)));

    [Theory]
    [InlineData("*")]
    [InlineData("none")]
    public void A_rule_that_selects_nothing_is_an_error(string rule) =>
        Assert.StartsWith("Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)", Error(Spec(rule)), StringComparison.Ordinal);

    [Fact]
    public void Errors_say_what_stage_they_belong_to()
    {
        Assert.Equal("Analysis spec invalid: no metrics specified", Error(new AnalysisRunSpec()));
        Assert.StartsWith(
            "Unable to resolve metric arguments: failed to resolve {{args.x}}", Error(new AnalysisRunSpec { Metrics = [Metric("{{args.x}}")] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_one_line()
    {
        var spec = new AnalysisRunSpec { Metrics = [Metric("success-rate") with { Count = "{{args.n}}", Interval = "1s" }, Metric("latency") with { Interval = "1s" }], Args = [new AnalysisArgument { Name = "n", Value = "5" }] };
        var plan = AnalysisPlan.Of(spec);
        var status = Look(plan, new AnalysisRunStatus(), 0, ("success-rate", Measured("Successful")), ("latency", Measured("Error")));

        Assert.Equal("success-rate: 1 of 5 measurements, latency: 0 measurements, 1 errors in a row", AnalysisProgress.Describe(spec, status));
    }

    [Fact]
    public void Work_exists_until_the_end_and_for_deletion()
    {
        var spec = new AnalysisRunSpec { Metrics = [Metric()] };

        Assert.True(AnalysisWork.Exists(spec, null));
        Assert.False(AnalysisWork.Exists(spec, new AnalysisRunStatus { Phase = "Failed", CompletedAt = Start }));
        Assert.True(AnalysisWork.Exists(spec with { TtlStrategy = new TtlStrategy { SecondsAfterCompletion = 5 } }, new AnalysisRunStatus { Phase = "Failed", CompletedAt = Start }));
        Assert.True(AnalysisWork.Wakes(spec, spec with { Terminate = true }, null));
        Assert.False(AnalysisWork.Wakes(spec, spec with { Metrics = [Metric()] }, null));
    }

    private static AnalysisRunSpec Spec(string rule) => new() { Metrics = [Metric("error-rate"), Metric("rate")], DryRun = [new DryRun { MetricName = rule }] };

    private static string Error(AnalysisRunSpec spec) => Assert.Throws<InvalidAnalysisException>(() => AnalysisPlan.Of(spec)).Message;
}
