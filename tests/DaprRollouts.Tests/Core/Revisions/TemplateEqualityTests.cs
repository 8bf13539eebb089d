using System.Text.Json.Nodes;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Revisions;

/// <summary>What the API server fills in makes no other template; what a person takes away may.</summary>
public sealed class TemplateEqualityTests
{
    [Theory]
    [InlineData("example/app:1", "IfNotPresent", true)]
    [InlineData("example/app:1", "Always", false)]
    [InlineData("example/app:latest", "Always", true)]
    [InlineData("example/app", "Always", true)]
    [InlineData("localhost:5000/app", "Always", true)]
    [InlineData("example/app", "IfNotPresent", false)]
    [InlineData("example/app@sha256:0a", "IfNotPresent", true)]
    [InlineData("example/app:1", "Never", false)]
    public void When_images_are_pulled_depends_on_the_image_where_nothing_is_said(string image, string policy, bool same)
    {
        JsonObject Template(string? pull) => new()
        {
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image, ["imagePullPolicy"] = pull }) },
        };

        Assert.Equal(same, TemplateEquality.Same(Template(policy), Template(null)));
    }
}
