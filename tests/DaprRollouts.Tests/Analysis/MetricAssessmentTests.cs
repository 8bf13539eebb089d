using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>What counters of a metric amount to, while the run goes on and when it is being ended.</summary>
public class MetricAssessmentTests
{
    [Theory]
    [InlineData("fl=2 interval", "F3 C3", "Failed", "Failed")]
    [InlineData("fl=3 interval", "F3 C3", "Running", "Successful")]
    [InlineData("fl=-1 csl=3 interval", "F3 S4 CS3 C7", "Successful", "Successful")]
    [InlineData("fl=-1 csl=5 interval", "F3 S4 CS3 C7", "Running", "Successful")]
    [InlineData("fl=-1 csl=5 count=7", "F3 S4 CS3 C7", "Failed", "Failed")]
    [InlineData("fl=-1 csl=5 count=9", "F3 S4 CS3 C7", "Running", "Successful")]
    [InlineData("fl=4 csl=4 interval", "F3 CS3 C7", "Running", "Successful")]
    [InlineData("fl=4 csl=4 interval", "F3 CS4 C8", "Successful", "Successful")]
    [InlineData("fl=4 csl=4 interval", "F5 CS4 C10", "Failed", "Failed")]
    [InlineData("fl=4 csl=4 count=10", "F4 CS3 C10", "Inconclusive", "Inconclusive")]
    [InlineData("fl=4 csl=4 count=10", "F4 CS4 C10", "Successful", "Successful")]
    [InlineData("fl=4 csl=4 count=10", "F3 CS3 C8", "Running", "Successful")]
    [InlineData("il=2 interval", "I3 C3", "Inconclusive", "Inconclusive")]
    [InlineData("il=3 interval", "I3 C3", "Running", "Successful")]
    [InlineData("interval", "CE5", "Error", "Error")]
    [InlineData("interval", "CE4", "Running", "Successful")]
    [InlineData("count=10", "S10 C10", "Successful", "Successful")]
    [InlineData("count=10", "S5 I5 C10", "Inconclusive", "Inconclusive")]
    public void Counters_decide_the_phase(string limits, string counters, string phase, string whenTerminating)
    {
        var metric = PlanOf(limits);
        var result = ResultOf(counters);

        Assert.Equal(phase, MetricAssessment.Phase(metric, result, terminating: false));
        Assert.Equal(whenTerminating, MetricAssessment.Phase(metric, result, terminating: true));
    }

    [Fact]
    public void Without_measurements_a_metric_waits_or_ends_well()
    {
        Assert.Equal("Pending", MetricAssessment.Phase(PlanOf(""), null, terminating: false));
        Assert.Equal("Successful", MetricAssessment.Phase(PlanOf(""), null, terminating: true));
    }

    [Fact]
    public void A_measurement_under_way_keeps_its_metric_running()
    {
        var result = new MetricResult { Name = "m", Phase = "Running", Measurements = [SomeAnalysis.Measured("Running")] };

        Assert.Equal("Running", MetricAssessment.Phase(PlanOf(""), result, terminating: false));
        Assert.Equal("Running", MetricAssessment.Phase(PlanOf(""), result, terminating: true));
    }

    [Fact]
    public void A_phase_that_was_reached_is_final()
    {
        var result = ResultOf("F9 C9") with { Phase = "Successful" };

        Assert.Equal("Successful", MetricAssessment.Phase(PlanOf("fl=0"), result, terminating: false));
    }

    [Fact]
    public void Of_several_broken_limits_the_one_on_errors_counts()
    {
        var broken = MetricAssessment.Broken(PlanOf("interval"), ResultOf("F1 I1 CE5 C2"));

        Assert.Equal(new BrokenLimit("Error", "consecutiveErrors (5) > consecutiveErrorLimit (4)"), broken);
    }

    private static MetricPlan PlanOf(string limits)
    {
        var metric = SomeAnalysis.Metric();
        foreach (var limit in limits.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = limit.Split('=').Length > 1 ? int.Parse(limit.Split('=')[1]) : 0;
            metric = limit.Split('=')[0] switch
            {
                "fl" => metric with { FailureLimit = value },
                "csl" => metric with { ConsecutiveSuccessLimit = value },
                "il" => metric with { InconclusiveLimit = value },
                "count" => metric with { Count = value, Interval = "10s" },
                _ => metric with { Interval = "10s" },
            };
        }

        return new MetricPlan(0, metric, MetricLimits.Of(metric), DryRun: false, Retention: 10);
    }

    private static MetricResult ResultOf(string counters)
    {
        var result = new MetricResult { Name = "m", Phase = "Running", Measurements = [SomeAnalysis.Measured("Successful")] };
        foreach (var counter in counters.Split(' '))
        {
            var value = int.Parse(counter.TrimStart('F', 'S', 'I', 'C', 'E'));
            result = counter.TrimEnd([.. "0123456789"]) switch
            {
                "F" => result with { Failed = value },
                "S" => result with { Successful = value },
                "I" => result with { Inconclusive = value },
                "CE" => result with { ConsecutiveError = value },
                "CS" => result with { ConsecutiveSuccess = value },
                _ => result with { Count = value },
            };
        }

        return result;
    }
}
