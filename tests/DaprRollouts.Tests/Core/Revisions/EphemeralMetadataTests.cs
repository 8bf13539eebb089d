using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Revisions;

public sealed class EphemeralMetadataTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Only_what_was_put_in_is_taken_away()
    {
        Dictionary<string, string> labels = new() { ["app"] = "app", ["role"] = "canary", ["team"] = "blue" };

        var patch = EphemeralMetadata.Patch(labels, Nothing, Labels(("role", "canary")), Labels(("role2", "stable")), null);

        Assert.Equal("""{"labels":{"role2":"stable","role":null}}""", patch.ToJsonString());
    }

    [Fact]
    public void A_member_that_the_template_has_itself_returns_to_its_value()
    {
        Dictionary<string, string> labels = new() { ["role"] = "canary" };
        var template = (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"role":"plain"}}}""")!;

        var patch = EphemeralMetadata.Patch(labels, Nothing, Labels(("role", "canary")), new PodMetadata(), template);

        Assert.Equal("""{"labels":{"role":"plain"}}""", patch.ToJsonString());
    }

    [Fact]
    public void What_is_right_already_needs_no_change() =>
        Assert.Empty(EphemeralMetadata.Patch(new Dictionary<string, string> { ["role"] = "canary" }, Nothing, new PodMetadata(), Labels(("role", "canary")), null));

    [Fact]
    public void It_is_written_as_Argo_Rollouts_writes_it()
    {
        var metadata = new PodMetadata { Labels = Texts(("role", "canary"), ("a", "b")), Annotations = Texts(("note", "x")) };

        var text = EphemeralMetadata.Write(metadata);

        Assert.Equal("""{"labels":{"a":"b","role":"canary"},"annotations":{"note":"x"}}""", text);
        Assert.True(EphemeralMetadata.Same(metadata, EphemeralMetadata.Read(Texts((ArgoNames.EphemeralMetadata, text!)), ArgoNames.EphemeralMetadata)));
    }

    [Fact]
    public void A_ReplicaSet_of_Argo_Rollouts_is_recognised_under_all_that_was_put_in()
    {
        var template = (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"app":"app","role":"plain"}},"spec":{"containers":[{"name":"app","image":"example/app:1"}]}}""")!;
        var made = (JsonObject)AntiAffinityTerm.Inject(
            template, new AntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new RequiredAntiAffinity() }, "stable", "default").DeepClone();
        made["metadata"]!["labels"]![ArgoNames.PodTemplateHash] = "abc";
        made["metadata"]!["labels"]!["role"] = "canary";
        made["spec"]!["restartPolicy"] = "Always";

        var rs = new ReplicaSetView
        {
            Name = "app-abc", Hash = "abc", Created = default, Template = made, Annotations = Texts((ArgoNames.EphemeralMetadata, """{"labels":{"role":"canary"}}""")),
        };

        Assert.True(rs.IsOf(template));
    }

    private static PodMetadata Labels(params (string Key, string Value)[] labels) => new() { Labels = Texts(labels) };

    private static Dictionary<string, string> Texts(params (string Key, string Value)[] texts) => texts.ToDictionary(t => t.Key, t => t.Value);
}
