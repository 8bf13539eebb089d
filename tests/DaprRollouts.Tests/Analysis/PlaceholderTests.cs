using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using static DaprRollouts.Tests.Analysis.SomeAnalysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Placeholders in metrics.</summary>
public class PlaceholderTests
{
    private static readonly Dictionary<string, string> Arguments = new()
    {
        ["service"] = "web", ["quoted"] = "a \"b\" \\ \n c", ["n"] = "3", ["a.b-c"] = "dots", ["nested"] = "{{args.service}}", ["empty"] = "",
    };

    [Theory]
    [InlineData("{{args.service}}", "web")]
    [InlineData("x-{{ args.service }}-{{args.n}}", "x-web-3")]
    [InlineData("{{args.quoted}}", "a \"b\" \\ \n c")]
    [InlineData("{{args.a.b-c}}", "dots")]
    [InlineData("{{args.nested}}", "{{args.service}}")]
    [InlineData("rate({service:{{args.service}}})", "rate({service:web})")]
    [InlineData("[{{args.empty}}]", "[]")]
    [InlineData("no } placeholder {", "no } placeholder {")]
    public void Values_take_the_place_of_placeholders(string text, string filled) =>
        Assert.Equal(filled, Placeholders.Fill(Metric() with { SuccessCondition = text }, Arguments).SuccessCondition);

    [Theory]
    [InlineData("{{args.missing}}", "failed to resolve {{args.missing}}: there are ")]
    [InlineData("{{ args.servce }}", "failed to resolve {{args.servce}}: did you mean \"service\"?")]
    [InlineData("{{ service }}", "failed to resolve {{ service }}")]
    [InlineData("{{{args.service}}}", "failed to resolve {{{args.service}}")]
    [InlineData("{{args.service", "has no end")]
    public void What_cannot_be_filled_is_named(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidAnalysisException>(() => Placeholders.Fill(Metric() with { SuccessCondition = text }, Arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("tab\tline\r\nback\bfeed\f", true)]
    [InlineData("nul\0", false)]
    [InlineData("bell\a", false)]
    [InlineData("delete\u007f", false)]
    [InlineData("next\u0085 \u200b", true)]
    [InlineData("\U0001F600", true)]
    [InlineData("tag \U000E0001", false)]
    public void Values_may_hold_what_JSON_can_say(string value, bool taken)
    {
        var metric = Metric() with { SuccessCondition = "{{args.v}}" };
        Dictionary<string, string> arguments = new() { ["v"] = value };

        if (taken)
        {
            Assert.Equal(value, Placeholders.Fill(metric, arguments).SuccessCondition);
        }
        else
        {
            Assert.Throws<InvalidAnalysisException>(() => Placeholders.Fill(metric, arguments));
        }
    }

    [Fact]
    public void Every_text_of_a_metric_is_filled()
    {
        var metric = new Metric
        {
            Name = "{{args.service}}",
            Count = "{{args.n}}",
            Provider = new MetricProvider
            {
                Web = new WebMetric
                {
                    Url = "http://{{args.service}}",
                    Headers = [new HttpHeader { Key = "X", Value = "{{args.n}}" }],
                    JsonBody = new JsonObject { ["{{args.service}}"] = new JsonArray("{{args.n}}", 5) },
                },
                Job = new JobMetric { Spec = new JsonObject { ["template"] = new JsonObject { ["image"] = "i:{{args.n}}" } } },
            },
        };

        var filled = Placeholders.Fill(metric, Arguments);

        Assert.Equal(("web", "3", null), (filled.Name, filled.Count.ToString(), filled.Count!.Value.Number));
        Assert.Equal("http://web", filled.Provider!.Web!.Url);
        Assert.Equal("3", filled.Provider.Web.Headers![0].Value);
        Assert.Equal("{\"web\":[\"3\",5]}", filled.Provider.Web.JsonBody!.ToJsonString());
        Assert.Equal("i:3", filled.Provider.Job!.Spec!["template"]!["image"]!.ToString());
    }

    [Fact]
    public void Of_names_that_become_the_same_the_last_counts()
    {
        var metric = new Metric { Provider = new MetricProvider { Web = new WebMetric { JsonBody = new JsonObject { ["{{args.n}}"] = 1, ["3"] = 2 } } } };

        Assert.Equal("{\"3\":2}", Placeholders.Fill(metric, Arguments).Provider!.Web!.JsonBody!.ToJsonString());
    }
}
