using System.Text.Json.Nodes;
using DaprRollouts.Cli;
using DaprRollouts.Cli.Verbs;

namespace DaprRollouts.Tests.Cli;

/// <summary>How images get into a Rollout.</summary>
public sealed class SetImageTests
{
    private readonly JsonObject _rollout = (JsonObject)JsonNode.Parse("""
        {"spec": {"template": {"spec": {
          "initContainers": [{"name": "init", "image": "a:1"}],
          "containers": [{"name": "web", "image": "b:1"}, {"name": "log", "image": "c:1"}]}}}}
        """)!;

    [Fact]
    public void A_named_container_gets_its_image_and_others_keep_theirs()
    {
        SetVerb.Apply(_rollout, new Dictionary<string, string> { ["web"] = "b:2" });

        Assert.Equal(["a:1", "b:2", "c:1"], Images());
    }

    [Fact]
    public void A_star_means_every_container_init_containers_included()
    {
        SetVerb.Apply(_rollout, new Dictionary<string, string> { ["*"] = "x:1" });

        Assert.Equal(["x:1", "x:1", "x:1"], Images());
    }

    [Fact]
    public void A_container_that_is_not_there_is_refused_with_those_that_are()
    {
        var refusal = Assert.Throws<CommandException>(() => SetVerb.Apply(_rollout, new Dictionary<string, string> { ["wbe"] = "b:2" }));

        Assert.Equal("there is no container 'wbe': the pod template has init, web, log", refusal.Message);
    }

    private List<string> Images()
    {
        var pod = _rollout["spec"]!["template"]!["spec"]!;
        return [.. ((string[])["initContainers", "containers"]).SelectMany(list => pod[list]!.AsArray()).Select(c => c!["image"]!.ToString())];
    }
}
