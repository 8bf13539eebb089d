using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Images;

/// <summary>An image in a pod template that is to follow a push.</summary>
/// <param name="Container">The container.</param>
/// <param name="Path">Where the image is, as a JSON pointer from the pod template.</param>
/// <param name="Present">The image it has.</param>
/// <param name="Wanted">The image it is to have.</param>
public sealed record ImageChange(string Container, string Path, string Present, string Wanted)
{
    private static readonly string[] Lists = ["initContainers", "containers"];

    /// <summary>What a push changes in a pod template.</summary>
    public static IReadOnlyList<ImageChange> Of(JsonObject template, IReadOnlyList<ImagePolicy> policies, ImageReference pushed) =>
    [
        .. from list in Lists
           let containers = template["spec"]?[list] as JsonArray ?? []
           from container in containers.Select((c, index) => (Name: Text(c?["name"]), Image: Text(c?["image"]), Path: $"/spec/{list}/{index}/image"))
           from policy in policies
           where policy.Container == container.Name
           let wanted = policy.Follow(pushed, container.Image)
           where wanted is not null
           select new ImageChange(container.Name, container.Path, container.Image, wanted.ToString()),
    ];

    /// <summary>The operations of a JSON patch that makes it, unless the image is another one by then.</summary>
    /// <param name="root">The JSON pointer of the pod template.</param>
    public IEnumerable<JsonObject> Operations(string root) =>
    [
        new JsonObject { ["op"] = "test", ["path"] = root + Path, ["value"] = Present },
        new JsonObject { ["op"] = "replace", ["path"] = root + Path, ["value"] = Wanted },
    ];

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
