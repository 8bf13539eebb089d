using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Templates together: nested, of two scopes, with arguments that agree or do not.</summary>
public class TemplateTests
{
    private readonly Dictionary<(string, bool), AnalysisTemplateSpec> _templates = [];

    [Fact]
    public void Nested_templates_follow_the_one_that_names_them_and_come_once()
    {
        Add("A", refs: [Ref("B"), Ref("C2", cluster: true)]);
        Add("B");
        Add("C1", cluster: true, refs: [Ref("A")]);
        Add("C2", cluster: true);

        var spec = AnalysisRunFactory.Spec([Ref("A"), Ref("C1", cluster: true)], Lookup, []);

        Assert.Equal(["A", "B", "C2", "C1"], spec.Metrics!.Select(m => m.Name!));
    }

    [Fact]
    public void A_circle_of_templates_is_an_error()
    {
        Add("A", refs: [Ref("B")]);
        Add("B", refs: [Ref("A")]);

        Assert.Contains("A -> B -> A", Error([Ref("A")]), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_ways_to_the_same_templates_are_walked_once()
    {
        for (var i = 0; i < 60; i++)
        {
            Add($"t{i}", refs: [Ref($"t{i + 1}"), Ref($"t{i + 2}")]);
        }

        Add("t60");
        Add("t61");

        Assert.Equal(62, AnalysisRunFactory.Spec([Ref("t0")], Lookup, []).Metrics!.Count);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("AnalysisTemplate 'no' not found", Error([Ref("no")]));
        Assert.Equal("ClusterAnalysisTemplate 'no' not found", Error([Ref("no", cluster: true)]));
    }

    [Fact]
    public void Two_metrics_or_rules_of_one_name_are_an_error()
    {
        _templates[("A", false)] = new AnalysisTemplateSpec { Metrics = [Metric("x")], DryRun = [new DryRun { MetricName = "x" }] };
        _templates[("B", false)] = new AnalysisTemplateSpec { Metrics = [Metric("x")] };
        _templates[("C", false)] = new AnalysisTemplateSpec { Metrics = [Metric("y")], DryRun = [new DryRun { MetricName = "x" }] };

        Assert.Contains("two metrics have the same name 'x'", Error([Ref("A"), Ref("B")]), StringComparison.Ordinal);
        Assert.Contains("two Dry-Run metric rules have the same name 'x'", Error([Ref("A"), Ref("C")]), StringComparison.Ordinal);
        Assert.Contains("two Dry-Run metric rules have the same name 'x'", Assert.Throws<InvalidAnalysisException>(() =>
            AnalysisRunFactory.Spec([Ref("A")], Lookup, [], [new DryRun { MetricName = "x" }])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x=1", "x=1", "x=1")]
    [InlineData("x=1", "x", "x=1")]
    [InlineData("x", "x=2", "x=2")]
    public void Arguments_of_several_templates_become_one(string first, string second, string merged)
    {
        Add("A", args: first);
        Add("B", args: second);

        Assert.Equal(merged, string.Join(' ', AnalysisRunFactory.Spec([Ref("A"), Ref("B")], Lookup, []).Args!.Select(a => $"{a.Name}={a.Value}")));
    }

    [Fact]
    public void Different_values_are_an_error_even_if_the_rollout_gives_one()
    {
        Add("A", args: "x=1");
        Add("B", args: "x=2");

        Assert.Contains("Argument `x` specified multiple times with different values: '1', '2'", Assert.Throws<InvalidAnalysisException>(() =>
            AnalysisRunFactory.Spec([Ref("A"), Ref("B")], Lookup, [new AnalysisArgument { Name = "x", Value = "3" }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_a_rollout_carries_its_labels_and_annotations()
    {
        Add("A");
        var order = new AnalysisOrder
        {
            Analysis = new RolloutAnalysis
            {
                Templates = [Ref("A")],
                AnalysisRunMetadata = new AnalysisRunMetadata
                {
                    Labels = new Dictionary<string, string> { ["team"] = "shop", ["app"] = "overwritten" },
                    Annotations = new Dictionary<string, string> { ["note"] = "n" },
                },
            },
            Rollout = new RolloutSource(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ArgoNames.InstanceId] = "two" } } }, "hash", "stable"),
            Revision = 7,
            Role = "Step",
            StepIndex = 2,
            SelectorLabels = new Dictionary<string, string> { ["app"] = "web" },
        };

        var draft = AnalysisRunFactory.ForRollout(order, Lookup);

        Assert.Equal(
            [
                "app=web", $"{ArgoNames.InstanceId}=two", "rollout-type=Step", "rollouts-pod-template-hash=hash", "step-index=2", "team=shop",
            ],
            draft.Labels.Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["note=n", "rollout.argoproj.io/revision=7"], draft.Annotations.Select(a => $"{a.Key}={a.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_an_unfinished_run_that_asks_for_the_same_may_be_adopted()
    {
        Add("A", args: "x=1");
        var spec = AnalysisRunFactory.Spec([Ref("A")], Lookup, []);

        Assert.True(AnalysisRunFactory.CanAdopt(spec, spec with { Terminate = false }, "Running"));
        Assert.False(AnalysisRunFactory.CanAdopt(spec, spec, "Failed"));
        Assert.False(AnalysisRunFactory.CanAdopt(spec, spec with { Args = [new AnalysisArgument { Name = "x", Value = "2" }] }, "Running"));
        Assert.Equal(["n", "n.1", "n.2"], Enumerable.Range(0, 3).Select(i => AnalysisRunFactory.Name("n", i)));
    }

    [Theory]
    [InlineData("10s", "3", null)]
    [InlineData("10s", null, "which runs indefinitely. Invalid value for count: <nil>")]
    [InlineData("10s", "0", "which runs indefinitely. Invalid value for count: 0")]
    public void A_step_must_end_by_itself_and_a_background_analysis_need_not(string interval, string? count, string? problem)
    {
        _templates[("A", false)] = new AnalysisTemplateSpec { Metrics = [Metric() with { Interval = interval, Count = count is null ? (IntOrString?)null : count }] };
        var analysis = new RolloutAnalysis { Templates = [Ref("A")] };
        var step = Canary(new CanaryStrategy { Steps = [new CanaryStep { SetWeight = 10 }, new CanaryStep { Analysis = analysis }] });
        var background = Canary(new CanaryStrategy { Analysis = new BackgroundAnalysis { Templates = [Ref("A")] } });

        Assert.Null(RolloutAnalysisValidation.FirstError([], background, Lookup));
        var error = RolloutAnalysisValidation.FirstError([], step, Lookup);
        Assert.True(problem is null ? error is null : error!.Contains(problem, StringComparison.Ordinal), error);
        Assert.True(problem is null || error!.StartsWith("spec.strategy.canary.steps[1].analysis.templates: Invalid value: \"A\": ", StringComparison.Ordinal), error);
    }

    [Fact]
    public void A_rollout_names_the_template_that_cannot_be_used()
    {
        var both = new AnalysisArgument { Name = "x", Value = "1", ValueFrom = new AnalysisArgumentSource { SecretKeyRef = new SecretKeyRef { Name = "n", Key = "k" } } };
        Add("A", refs: [Ref("nested"), Ref("open"), Ref("both", cluster: true)]);
        _templates[("nested", false)] = new AnalysisTemplateSpec { Metrics = [Metric("endless") with { Interval = "10s" }] };
        _templates[("open", false)] = new AnalysisTemplateSpec { Metrics = [Metric("open") with { SuccessCondition = "{{args.no}}" }] };
        _templates[("both", true)] = new AnalysisTemplateSpec { Metrics = [Metric("both")], Args = [both] };

        Assert.Contains("Invalid value: \"nested\": AnalysisTemplate nested has metric endless which runs indefinitely", StepError(), StringComparison.Ordinal);
        _templates[("nested", false)] = new AnalysisTemplateSpec();
        Assert.Contains("Invalid value: \"open\": AnalysisTemplate open: failed to resolve {{args.no}}", StepError(), StringComparison.Ordinal);
        _templates[("open", false)] = new AnalysisTemplateSpec();
        Assert.Contains("Invalid value: \"both\": AnalysisTemplate both: arg 'x' has both Value and ValueFrom fields", StepError(), StringComparison.Ordinal);
    }

    private string? StepError() =>
        RolloutAnalysisValidation.FirstError([], Canary(new CanaryStrategy { Steps = [new CanaryStep { Analysis = new RolloutAnalysis { Templates = [Ref("A")] } }] }), Lookup);

    private static RolloutSpec Canary(CanaryStrategy canary) => new() { Strategy = new RolloutStrategy { Canary = canary } };

    private static AnalysisTemplateRef Ref(string name, bool cluster = false) => new() { TemplateName = name, ClusterScope = cluster ? true : null };

    private AnalysisTemplateSpec? Lookup(AnalysisTemplateRef reference) => _templates.GetValueOrDefault((reference.TemplateName!, reference.ClusterScope == true));

    private string Error(IReadOnlyList<AnalysisTemplateRef> refs) =>
        Assert.Throws<InvalidAnalysisException>(() => AnalysisRunFactory.Spec(refs, Lookup, [])).Message;

    private void Add(string name, bool cluster = false, string args = "", IReadOnlyList<AnalysisTemplateRef>? refs = null) =>
        _templates[(name, cluster)] = new AnalysisTemplateSpec
        {
            Metrics = [Metric(name)],
            Templates = refs,
            Args = [.. args.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).Select(a => new AnalysisArgument { Name = a[0], Value = a.Length > 1 ? a[1] : null })],
        };
}
