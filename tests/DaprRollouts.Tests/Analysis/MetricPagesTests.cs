using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;
using YamlDotNet.Serialization;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Every metric provider has a page, and what the page shows as an example would run.</summary>
public partial class MetricPagesTests
{
    private static readonly JsonSerializerOptions Strict = new(ModelJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "reference", "metrics");

    public static TheoryData<string> Names => [.. Catalog().Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_example_of_a_page_is_a_valid_metric_of_its_provider(string provider)
    {
        var page = File.ReadAllText(Path.Combine(Pages, $"{provider.ToLowerInvariant()}.md"));
        var example = Assert.Single(YamlBlock().Matches(page)).Groups[1].Value;

        var spec = Json(example).Deserialize<AnalysisTemplateSpec>(Strict)!;

        var metric = Assert.Single(spec.Metrics!);
        Assert.Null(MetricValidation.FirstError([metric]));
        Assert.Equal([provider], MetricProviders.Of(metric.Provider));
        if (metric.SuccessCondition is { } condition)
        {
            Expression.Condition(condition, StaticType.Unknown);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_page_has_the_same_parts_and_is_listed(string provider)
    {
        var page = File.ReadAllText(Path.Combine(Pages, $"{provider.ToLowerInvariant()}.md"));

        Assert.Equal(["Example", "Fields", "Result", "How it fails"], Heading().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains($"[{provider}]({provider.ToLowerInvariant()}.md)", File.ReadAllText(Path.Combine(Pages, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_are_in_alphabetical_order_and_all_that_the_model_knows()
    {
        var known = typeof(MetricProvider).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Where(n => n != "plugin");

        Assert.Equal(known.Order(StringComparer.OrdinalIgnoreCase), Catalog().Names);
    }

    private static ProviderCatalog Catalog() => ProviderCatalog.Create(null!, null!, null!, null!, TimeProvider.System);

    private static JsonNode Json(string yaml) => Node(new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml)))!;

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(e => KeyValuePair.Create(e.Key.ToString()!, Node(e.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
        bool yes => yes,
        string text => text,
        _ => JsonNode.Parse(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
    };

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("^## (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
