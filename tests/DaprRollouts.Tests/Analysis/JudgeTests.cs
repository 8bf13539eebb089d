using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>How runs go and end.</summary>
public class JudgeTests
{
    [Fact]
    public void Errors_are_retried_and_failures_within_the_limit_are_forgiven()
    {
        var plan = Plan(Metric() with { Interval = "30s", Count = 3, FailureLimit = 1 });
        var status = new AnalysisRunStatus();
        (int Second, string Phase, int? Next)[] steps = [(0, "Successful", 30), (30, "Error", 40), (40, "Successful", 70), (70, "Failed", null)];

        foreach (var (second, phase, next) in steps)
        {
            status = Look(plan, status, second, ("m", Measured(phase, second)));
            Assert.Equal(next is { } at ? Start.AddSeconds(at) : null, Schedule.NextAt(plan, status, Beat.None, Start.AddSeconds(second)));
        }

        Assert.Equal("Successful", status.Phase);
        Assert.Equal((3, 1, 1, 0), (status.Result("m")!.Count, status.Result("m")!.Failed, status.Result("m")!.Error, status.Result("m")!.ConsecutiveSuccess));
        Assert.Equal(Start.AddSeconds(70), status.CompletedAt);
    }

    [Fact]
    public void The_fifth_error_in_a_row_is_one_too_many()
    {
        var plan = Plan(Metric());
        var status = new AnalysisRunStatus();
        for (var second = 0; second <= 40; second += 10)
        {
            Assert.NotEqual("Error", status.Phase);
            Assert.Single(Schedule.Due(plan, status, Beat.None, Start.AddSeconds(second)));
            status = Look(plan, status, second, ("m", Measured("Error", second, "no answer")));
        }

        Assert.Equal("Error", status.Phase);
        Assert.Equal("Metric \"m\" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): \"Error Message: no answer\"", status.Message);
    }

    [Fact]
    public void A_failed_sibling_ends_the_run_at_the_next_look()
    {
        var plan = Plan(Metric("a") with { Interval = "60s" }, Metric("b"));

        var first = Look(plan, new AnalysisRunStatus(), 0, ("a", Measured("Successful")), ("b", Measured("Failed")));
        var second = Look(plan, first, 1);

        Assert.Equal(("Running", "Running", "Failed"), (first.Phase, first.Result("a")!.Phase, first.Result("b")!.Phase));
        Assert.Empty(Schedule.Due(plan, first, Beat.None, Start.AddSeconds(100)));
        Assert.Equal(("Failed", "Successful"), (second.Phase, second.Result("a")!.Phase));
        Assert.Equal("Metric \"b\" assessed Failed due to failed (1) > failureLimit (0)", second.Message);
        Assert.Equal(Start.AddSeconds(1), second.CompletedAt);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Error")]
    [InlineData("Inconclusive")]
    public void What_a_sibling_has_under_way_is_ended_and_the_worst_phase_counts(string phaseOfB)
    {
        var plan = Plan(Metric("a"), Metric("b") with { ConsecutiveErrorLimit = 0 });
        var status = Look(plan, new AnalysisRunStatus(), 0, ("a", Measured("Running")), ("b", Measured(phaseOfB)));

        var due = Assert.Single(Schedule.Due(plan, status, Beat.None, Start.AddSeconds(1)));
        var after = Look(plan, status, 1, ("a", Recording.Terminated(Measured("Inconclusive", 1))));

        Assert.Equal(("a", MeasurementAction.Terminate), (due.Metric.Name, due.Action));
        Assert.Equal(("Inconclusive", "Metric Terminated"), (after.Result("a")!.Phase, after.Result("a")!.Last!.Message));
        Assert.Equal(phaseOfB, after.Phase);
    }

    [Fact]
    public void A_run_that_is_ended_before_its_first_measurement_is_successful()
    {
        var plan = Plan(Metric() with { InitialDelay = "20s" }) with { Terminate = true };

        var status = Look(plan, new AnalysisRunStatus(), 0);

        Assert.Empty(Schedule.Due(plan, new AnalysisRunStatus(), Beat.None, Start));
        Assert.Equal(("Successful", "Run Terminated", 1), (status.Phase, status.Message, status.RunSummary!.Count));
        Assert.Null(status.MetricResults);
    }

    [Fact]
    public void The_failure_of_a_dry_run_does_not_count()
    {
        var spec = new AnalysisRunSpec { Metrics = [Metric("x"), Metric("y")], DryRun = [new DryRun { MetricName = "x" }] };
        var plan = AnalysisPlan.Of(spec);

        var status = Look(plan, new AnalysisRunStatus(), 0, ("x", Measured("Failed")), ("y", Measured("Successful")));

        Assert.Equal(("Successful", null), (status.Phase, status.Message));
        Assert.Equal(new AnalysisRunSummary { Count = 1, Successful = 1 }, status.RunSummary);
        Assert.Equal(new AnalysisRunSummary { Count = 1, Failed = 1 }, status.DryRunSummary);
        Assert.Equal("Metric assessed Failed due to failed (1) > failureLimit (0)", status.Result("x")!.Message);
    }

    [Fact]
    public void An_endless_dry_run_keeps_the_run_open_until_it_is_ended()
    {
        var spec = new AnalysisRunSpec { Metrics = [Metric("x") with { Interval = "10s" }, Metric("y")], DryRun = [new DryRun { MetricName = "x" }] };
        var status = Look(AnalysisPlan.Of(spec), new AnalysisRunStatus(), 0, ("x", Measured("Successful")), ("y", Measured("Successful")));

        var ended = Look(AnalysisPlan.Of(spec with { Terminate = true }), status, 5);

        Assert.Equal("Running", status.Phase);
        Assert.Equal("Successful", ended.Phase);
    }

    [Fact]
    public void What_was_inconclusive_before_counts_when_a_measurement_ends_well()
    {
        var spec = new AnalysisRunSpec { Metrics = [Metric("run-forever"), Metric("success-metric")], DryRun = [new DryRun { MetricName = "success-metric" }] };
        var plan = AnalysisPlan.Of(spec);
        var status = new AnalysisRunStatus
        {
            Phase = "Running",
            StartedAt = Start,
            MetricResults = [new MetricResult { Name = "run-forever", Phase = "Running", Inconclusive = 1, Measurements = [Measured("Running")] }],
        };

        var after = Look(plan, status, 10, ("run-forever", Measured("Successful", 10)), ("success-metric", Measured("Successful", 10)));
        after = Look(plan, after, 10);

        Assert.Equal("Inconclusive", after.Phase);
        Assert.Equal("Metric \"run-forever\" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)", after.Message);
    }

    [Fact]
    public void A_delayed_metric_waits_from_the_start_of_the_run()
    {
        var plan = Plan(Metric("p") with { InitialDelay = "40s" }, Metric("q"));

        var due = Assert.Single(Schedule.Due(plan, new AnalysisRunStatus(), Beat.None, Start));
        var status = Look(plan, new AnalysisRunStatus(), 0, ("q", Measured("Successful")));

        Assert.Equal("q", due.Metric.Name);
        Assert.Equal("Running", status.Phase);
        Assert.Equal(Start.AddSeconds(40), Schedule.NextAt(plan, status, Beat.None, Start));
        Assert.Empty(Schedule.Due(plan, status, Beat.None, Start.AddSeconds(39)));
        Assert.Single(Schedule.Due(plan, status, Beat.None, Start.AddSeconds(40)));
    }

    [Fact]
    public void Summaries_and_messages_of_a_count_without_enough_successes_in_a_row()
    {
        var plan = Plan(Metric() with { Interval = "1s", Count = 4, FailureLimit = 1, ConsecutiveSuccessLimit = 3 });
        var status = new AnalysisRunStatus();
        foreach (var (phase, second) in new[] { ("Successful", 0), ("Successful", 1), ("Failed", 2), ("Successful", 3) })
        {
            status = Look(plan, status, second, ("m", Measured(phase, second)));
        }

        Assert.Equal(("Inconclusive", null), (status.Phase, status.Message));
        Assert.Equal(new AnalysisRunSummary { Count = 1, Successful = 1 }, status.RunSummary);
    }

    [Fact]
    public void Only_so_many_measurements_are_kept_and_the_counters_go_on()
    {
        var spec = new AnalysisRunSpec
        {
            Metrics = [Metric("a") with { Interval = "1s" }, Metric("b") with { Interval = "1s" }],
            MeasurementRetention = [new MeasurementRetention { MetricName = "^b$", Limit = 3 }],
        };
        var plan = AnalysisPlan.Of(spec);
        var status = new AnalysisRunStatus();
        for (var i = 0; i < 20; i++)
        {
            status = Look(plan, status, i, ("a", Measured("Successful", i)), ("b", Measured("Successful", i)));
        }

        Assert.Equal((10, 3), (status.Result("a")!.Measurements!.Count, status.Result("b")!.Measurements!.Count));
        Assert.Equal((20, 20), (status.Result("a")!.Successful, status.Result("b")!.Count));
    }

    [Theory]
    [InlineData("Successful", 5, 20, 7, 6)]
    [InlineData("Failed", 5, 20, 7, 8)]
    [InlineData("Error", 5, 20, 7, 21)]
    [InlineData("Failed", 5, 20, null, 21)]
    [InlineData("Inconclusive", 5, null, 7, null)]
    [InlineData("Running", 5, 20, 7, null)]
    public void A_finished_run_goes_when_its_time_is_over(string phase, int? success, int? completion, int? failure, int? seconds)
    {
        var spec = new AnalysisRunSpec { TtlStrategy = new TtlStrategy { SecondsAfterSuccess = success, SecondsAfterCompletion = completion, SecondsAfterFailure = failure } };

        var end = TimeToLive.EndsAt(spec, new AnalysisRunStatus { Phase = phase, CompletedAt = Start });

        Assert.Equal(seconds is { } s ? Start.AddSeconds(s) : null, end);
    }
}
