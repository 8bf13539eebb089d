using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Where arguments get their values from.</summary>
public class ArgumentTests
{
    private static readonly RolloutSource Rollout = new(
        JsonNode.Parse("""
            {"metadata": {"name": "app", "namespace": "shop", "uid": "u-1", "labels": {"b": "2", "a": "1"}, "annotations": {"x/y": "z"}},
             "spec": {"replicas": 5, "large": 1000000, "paused": true, "weight": 1.5, "template": {"metadata": {"labels": {"version": "v2"}},
                      "spec": {"containers": [{"image": "web:2"}]}}},
             "status": {"alb": {"canaryTargetGroup": {"name": "tg"}}}}
            """)!.AsObject(),
        NewHash: "new-1",
        StableHash: "stable-1");

    [Theory]
    [InlineData("metadata.name", "app")]
    [InlineData("metadata.namespace", "shop")]
    [InlineData("metadata.uid", "u-1")]
    [InlineData("metadata.labels['a']", "1")]
    [InlineData("metadata.labels['absent']", "")]
    [InlineData("metadata.annotations['x/y']", "z")]
    [InlineData("metadata.labels", "a=\"1\"\nb=\"2\"")]
    [InlineData("spec.replicas", "5")]
    [InlineData("spec.large", "1e+06")]
    [InlineData("spec.paused", "true")]
    [InlineData("spec.weight", "1.5")]
    [InlineData("spec.template.metadata.labels.version", "v2")]
    [InlineData("spec.template.spec.containers[0].image", "web:2")]
    [InlineData("status.alb.canaryTargetGroup.name", "tg")]
    public void A_field_of_the_rollout_can_be_an_argument(string path, string value) =>
        Assert.Equal(value, Resolve(new AnalysisRunArgument { Name = "a", ValueFrom = new ArgumentValueFrom { FieldRef = new FieldRef { FieldPath = path } } }));

    [Theory]
    [InlineData("spec.template.spec.containers", "not a single value")]
    [InlineData("spec.template.spec.containers[1].image", "no index into a list of 1")]
    [InlineData("spec.template.spec.containers[x].image", "no index")]
    [InlineData("spec.template.spec.containers[+0].image", "no index")]
    [InlineData("metadata.labels['a b']", "cannot be the key of labels")]
    [InlineData("metadata.annotations['/x']", "cannot be the key of annotations")]
    [InlineData("spec.missing", "is not there")]
    [InlineData("spec.replicas.more", "nothing is below")]
    [InlineData("metadata.generation", "is not supported")]
    public void A_field_that_is_no_value_is_an_error(string path, string problem)
    {
        var argument = new AnalysisRunArgument { Name = "a", ValueFrom = new ArgumentValueFrom { FieldRef = new FieldRef { FieldPath = path } } };

        Assert.Contains(problem, Assert.Throws<InvalidAnalysisException>(() => Resolve(argument)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_win_over_fields_and_fields_over_values()
    {
        var field = new FieldRef { FieldPath = "metadata.name" };
        Assert.Equal("x", Resolve(new AnalysisRunArgument { Name = "a", Value = "x" }));
        Assert.Equal("", Resolve(new AnalysisRunArgument { Name = "a" }));
        Assert.Equal("app", Resolve(new AnalysisRunArgument { Name = "a", Value = "x", ValueFrom = new ArgumentValueFrom { FieldRef = field } }));
        Assert.Equal("new-1", Resolve(new AnalysisRunArgument { Name = "a", ValueFrom = new ArgumentValueFrom { FieldRef = field, PodTemplateHashValue = "Latest" } }));
        Assert.Equal("stable-1", Resolve(new AnalysisRunArgument { Name = "a", ValueFrom = new ArgumentValueFrom { PodTemplateHashValue = "Stable" } }));
        Assert.Equal("x", Resolve(new AnalysisRunArgument { Name = "a", Value = "x", ValueFrom = new ArgumentValueFrom { PodTemplateHashValue = "Other" } }));
    }

    [Fact]
    public void All_fields_that_cannot_be_read_are_named_at_once()
    {
        AnalysisRunArgument Missing(string name) => new() { Name = name, ValueFrom = new ArgumentValueFrom { FieldRef = new FieldRef { FieldPath = $"spec.{name}" } } };

        var error = Assert.Throws<InvalidAnalysisException>(() => Arguments.OfRollout([Missing("one"), Missing("two")], Rollout));

        Assert.Contains("args.one", error.Message, StringComparison.Ordinal);
        Assert.Contains("args.two", error.Message, StringComparison.Ordinal);
        Assert.Equal(["", ""], Arguments.OfRollout([Missing("one"), Missing("two")], Rollout, tolerateMissingFields: true).Select(a => a.Value));
    }

    [Theory]
    [InlineData("foo", "foo=a", "foo=a")]
    [InlineData("foo=bar", "", "foo=bar")]
    [InlineData("foo=bar", "foo=x", "foo=x")]
    [InlineData("foo=bar", "foo=", "foo=")]
    [InlineData("foo", "foo=a extra=b", "foo=a")]
    public void Given_arguments_fill_declared_ones(string declared, string given, string merged) =>
        Assert.Equal(merged, string.Join(' ', Arguments.Merge(List(declared), List(given)).Select(a => $"{a.Name}={a.Value}")));

    [Fact]
    public void An_argument_that_nobody_gives_is_an_error()
    {
        const string Error = "args.foo was not resolved: it needs a value, where the analysis is asked for or in the template";

        Assert.Equal(Error, Assert.Throws<InvalidAnalysisException>(() => Arguments.Merge(List("foo"), [])).Message);
        Assert.Equal(Error, Assert.Throws<InvalidAnalysisException>(() => Arguments.Merge(List("foo"), List("foo"))).Message);
    }

    [Fact]
    public void A_secret_wins_over_a_value_and_is_masked_where_it_plays_no_part()
    {
        var secret = new AnalysisArgument { Name = "s", Value = "plain", ValueFrom = new AnalysisArgumentSource { SecretKeyRef = new SecretKeyRef { Name = "n", Key = "k" } } };

        Assert.Equal("n/k", Arguments.OfRun([secret], reference => $"{reference.Name}/{reference.Key}")["s"]);
        Assert.Equal("temp-for-secret", Arguments.Masked([secret])["s"]);
    }

    [Fact]
    public void A_run_cannot_read_fields_or_do_without_a_value()
    {
        var field = new AnalysisArgument { Name = "f", ValueFrom = new AnalysisArgumentSource { FieldRef = new FieldRef { FieldPath = "metadata.name" } } };

        Assert.StartsWith("argument \"f\" was not supplied", Assert.Throws<InvalidAnalysisException>(() => Arguments.Masked([field])).Message, StringComparison.Ordinal);
        Assert.Equal(
            "argument \"none\" was not supplied: it needs a value or valueFrom.secretKeyRef",
            Assert.Throws<InvalidAnalysisException>(() => Arguments.Masked([new AnalysisArgument { Name = "none" }])).Message);
    }

    private static string? Resolve(AnalysisRunArgument argument) => Arguments.OfRollout([argument], Rollout)[0].Value;

    private static List<AnalysisArgument> List(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).Select(a => new AnalysisArgument { Name = a[0], Value = a.Length > 1 ? a[1] : null }),
    ];
}
