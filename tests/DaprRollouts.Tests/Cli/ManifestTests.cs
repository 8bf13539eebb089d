using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Demo;
using DaprRollouts.Cli.Linting;
using DaprRollouts.Cli.Output;
using YamlDotNet.Core;

namespace DaprRollouts.Tests.Cli;

/// <summary>How manifests are read, written and checked.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void Plain_scalars_have_the_types_that_kubectl_gives_them_and_quoted_ones_are_texts()
    {
        var read = ManifestFile.Parse(new StringReader("{a: 1, b: \"1\", c: true, d: 'true', e: null, f: 1.5, g: 20%, h: 10s, i: ''}"))[0];

        Assert.Equal("""{"a":1,"b":"1","c":true,"d":"true","e":null,"f":1.5,"g":"20%","h":"10s","i":""}""", read.ToJsonString());
    }

    [Fact]
    public void Every_document_of_a_file_is_read_and_empty_ones_are_passed_over()
    {
        Assert.Equal(2, ManifestFile.Parse(new StringReader("---\na: 1\n---\n---\nb: 2\n")).Count);
    }

    [Theory]
    [InlineData("a: [1\nb")]
    [InlineData(" : ~\n")]
    [InlineData("a: !![1\n")]
    [InlineData("...\n  a:\n b")]
    public void A_broken_text_is_an_error_with_its_place(string text)
    {
        Assert.True(Assert.ThrowsAny<YamlException>(() => ManifestFile.Parse(new StringReader(text))).Start.Line > 0);
        Assert.Contains(Linter.Check([("f.yaml", text)], DateTimeOffset.UnixEpoch), f => f.Message.StartsWith("this is not YAML: ", StringComparison.Ordinal) && f.Line > 0);
    }

    [Fact]
    public void A_text_that_is_deeper_than_any_manifest_is_refused()
    {
        var refusal = Assert.Throws<YamlException>(() => ManifestFile.Parse(new StringReader(new string('[', 100_000))));

        Assert.Equal("more than 500 levels", refusal.Message);
    }

    [Fact]
    public void What_is_written_as_YAML_reads_the_same_again()
    {
        var node = JsonNode.Parse("""{"text": "1", "yes": "true", "none": null, "list": [1, 2.5, true, "a: b"], "empty": {}, "lines": "a\nb"}""")!;

        var read = ManifestFile.Parse(new StringReader(OutputFormat.Text(node, OutputFormat.Yaml)))[0];

        Assert.True(JsonNode.DeepEquals(node, read), read.ToJsonString());
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("Off")]
    [InlineData("n")]
    [InlineData("1_000")]
    [InlineData("010")]
    [InlineData("0x1F")]
    [InlineData("12:30:45")]
    [InlineData("1e3")]
    [InlineData(".5")]
    [InlineData("~")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T12:00:00Z")]
    public void A_text_that_readers_of_YAML_may_take_for_something_else_is_quoted(string text)
    {
        var written = OutputFormat.Text(new JsonObject { ["a"] = text }, OutputFormat.Yaml);

        Assert.Equal($"a: \"{text}\"\n", written);
    }

    [Fact]
    public void The_demo_applies_a_valid_rollout()
    {
        Assert.Null(RolloutLint.Error(DemoManifests.Shop, [DemoManifests.Shop, .. DemoManifests.Services]));
    }

    [Fact]
    public void Lint_names_the_field_and_the_value()
    {
        var rollout = (JsonObject)DemoManifests.Shop.DeepClone();
        rollout["spec"]!["strategy"]!["canary"]!["steps"]![0]!["setWeight"] = 120;

        var error = RolloutLint.Error(rollout, [rollout])!;

        Assert.Contains("setWeight", error);
        Assert.Contains("120", error);
    }

    [Fact]
    public void Lint_misses_a_Service_only_where_the_file_has_Services()
    {
        Assert.Null(RolloutLint.Error(DemoManifests.Shop, [DemoManifests.Shop]));
        Assert.Contains("shop-canary", RolloutLint.Error(DemoManifests.Shop, [DemoManifests.Shop, DemoManifests.Services[0]])!);
    }
}
