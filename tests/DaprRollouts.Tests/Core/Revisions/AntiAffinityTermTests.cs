using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Revisions;

public sealed class AntiAffinityTermTests
{
    private static readonly AntiAffinity Required = new() { RequiredDuringSchedulingIgnoredDuringExecution = new RequiredAntiAffinity() };
    private static readonly AntiAffinity Preferred = new() { PreferredDuringSchedulingIgnoredDuringExecution = new PreferredAntiAffinity { Weight = 30 } };

    [Fact]
    public void The_required_rule_keeps_pods_off_nodes_of_the_stable_revision()
    {
        var with = AntiAffinityTerm.Inject(Template(), Required, "stable", "shop");

        Assert.Equal(
            """[{"labelSelector":{"matchExpressions":[{"key":"rollouts-pod-template-hash","operator":"In","values":["stable"]}]},"namespaces":["shop"],"topologyKey":"kubernetes.io/hostname"}]""",
            with["spec"]!["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!.ToJsonString());
        Assert.Equal("stable", AntiAffinityTerm.Against(with));
    }

    [Fact]
    public void The_preferred_rule_has_its_weight()
    {
        var with = AntiAffinityTerm.Inject(Template(), Preferred, "stable", "shop");

        Assert.Equal(30, (int)with["spec"]!["affinity"]!["podAntiAffinity"]!["preferredDuringSchedulingIgnoredDuringExecution"]![0]!["weight"]!);
        Assert.Equal("stable", AntiAffinityTerm.Against(with));
    }

    [Fact]
    public void Rules_that_the_template_has_itself_stay()
    {
        var own = """{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"db"}},"topologyKey":"zone"}]}}""";
        var template = Template(own);

        var with = AntiAffinityTerm.Inject(template, Required, "one", "shop");
        var renewed = AntiAffinityTerm.Inject(with, Required, "two", "shop");

        Assert.Equal(2, renewed["spec"]!["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!.AsArray().Count);
        Assert.Equal("two", AntiAffinityTerm.Against(renewed));
        Assert.True(JsonNode.DeepEquals(template, AntiAffinityTerm.Strip(renewed)));
    }

    [Fact]
    public void Without_the_rule_nothing_of_it_is_left() =>
        Assert.True(JsonNode.DeepEquals(Template(), AntiAffinityTerm.Strip(AntiAffinityTerm.Inject(Template(), Preferred, "stable", "shop"))));

    private static JsonObject Template(string? affinity = null)
    {
        var template = (JsonObject)JsonNode.Parse("""{"spec":{"containers":[{"name":"app"}]}}""")!;
        if (affinity is not null)
        {
            template["spec"]!["affinity"] = JsonNode.Parse(affinity);
        }

        return template;
    }
}
