using System.Text.Json.Nodes;
using DaprRollouts.Core.Images;

namespace DaprRollouts.Tests.Core.Images;

/// <summary>Which pushes a container follows.</summary>
public sealed class ImagePolicyTests
{
    [Theory]
    [InlineData("web=ghcr.io/acme/web", "ghcr.io/acme/web:1", "ghcr.io/acme/web:0", "ghcr.io/acme/web:1")]
    [InlineData("web=ghcr.io/acme/web", "ghcr.io/acme/web:1@sha256:ab", "ghcr.io/acme/web:1", "ghcr.io/acme/web:1@sha256:ab")]
    [InlineData("web=ghcr.io/acme/web", "ghcr.io/acme/web:1@sha256:ab", "ghcr.io/acme/web:1@sha256:ab", null)]
    [InlineData("web=ghcr.io/acme/web", "ghcr.io/acme/web:1", "ghcr.io/acme/web:1@sha256:ab", null)]
    [InlineData("web=ghcr.io/acme/web", "ghcr.io/acme/other:1", "ghcr.io/acme/web:0", null)]
    [InlineData("web=nginx", "docker.io/library/nginx:2", "nginx:1", "nginx:2")]
    [InlineData("web=acme/web", "index.docker.io/acme/web:2", "docker.io/acme/web:1", "acme/web:2")]
    [InlineData("web=ghcr.io/acme/web tag:main-*", "ghcr.io/acme/web:main-7", "ghcr.io/acme/web:main-6", "ghcr.io/acme/web:main-7")]
    [InlineData("web=ghcr.io/acme/web tag:main-*", "ghcr.io/acme/web:feature-7", "ghcr.io/acme/web:main-6", null)]
    [InlineData("web=ghcr.io/acme/web tag:main-*", "ghcr.io/acme/web@sha256:ab", "ghcr.io/acme/web:main-6", null)]
    [InlineData("web=ghcr.io/acme/web semver:^1.2", "ghcr.io/acme/web:1.3", "ghcr.io/acme/web:1.2", "ghcr.io/acme/web:1.3")]
    [InlineData("web=ghcr.io/acme/web semver:^1.2", "ghcr.io/acme/web:2.0", "ghcr.io/acme/web:1.2", null)]
    [InlineData("web=ghcr.io/acme/web semver:^1.2", "ghcr.io/acme/web:1.2", "ghcr.io/acme/web:1.3", null)]
    [InlineData("web=ghcr.io/acme/web semver:>=1 <2", "ghcr.io/acme/web:latest", "ghcr.io/acme/web:1.3", null)]
    [InlineData("web=ghcr.io/acme/web semver:^1.2", "ghcr.io/acme/web:1.2", "elsewhere.example/web:7", "ghcr.io/acme/web:1.2")]
    public void A_push_is_followed_or_not(string policy, string pushed, string present, string? expected)
    {
        var read = Assert.Single(ImagePolicy.Parse(policy).Policies);

        Assert.Equal(expected, read.Follow(ImageReference.Parse(pushed)!, present)?.ToString());
    }

    [Theory]
    [InlineData("web", "write container=repository")]
    [InlineData("=ghcr.io/acme/web", "write container=repository")]
    [InlineData("web=ghcr.io/acme/web:1", "write it without tag and digest")]
    [InlineData("web=ghcr.io/acme/web newest", "'newest' is neither tag:GLOB nor semver:RANGE")]
    [InlineData("web=ghcr.io/acme/web semver:new", "'new' is not a range of versions")]
    public void A_line_that_cannot_be_read_is_told_and_the_others_count(string line, string expected)
    {
        var (policies, errors) = ImagePolicy.Parse($"{line}\nproxy=envoy tag:v1\n");

        Assert.Equal("proxy", Assert.Single(policies).Container);
        Assert.Contains(expected, Assert.Single(errors));
    }

    [Fact]
    public void Every_container_that_follows_the_repository_is_changed_and_only_if_it_is_what_was_seen()
    {
        var template = JsonNode.Parse("""
            {"spec": {"initContainers": [{"name": "migrate", "image": "acme/web:1"}],
                      "containers": [{"name": "proxy", "image": "envoy"}, {"name": "web", "image": "acme/web:1"}, {"name": "other", "image": "acme/web:1"}]}}
            """)!.AsObject();
        var (policies, _) = ImagePolicy.Parse("web=acme/web\nmigrate=acme/web\nabsent=acme/web");

        var changes = ImageChange.Of(template, policies, ImageReference.Parse("acme/web:2")!);

        Assert.Equal(
            ["migrate /spec/initContainers/0/image acme/web:1 acme/web:2", "web /spec/containers/1/image acme/web:1 acme/web:2"],
            changes.Select(c => $"{c.Container} {c.Path} {c.Present} {c.Wanted}"));
        Assert.Equal(
            ["""{"op":"test","path":"/spec/template/spec/initContainers/0/image","value":"acme/web:1"}""",
             """{"op":"replace","path":"/spec/template/spec/initContainers/0/image","value":"acme/web:2"}"""],
            changes[0].Operations("/spec/template").Select(o => o.ToJsonString()));
    }

    [Theory]
    [InlineData("web", "docker.io/library/web")]
    [InlineData("acme/web", "docker.io/acme/web")]
    [InlineData("localhost/web", "localhost/web")]
    [InlineData("reg.example:5000/a/b", "reg.example:5000/a/b")]
    public void A_repository_without_registry_is_on_Docker_Hub(string written, string meant) => Assert.Equal(meant, ImageReference.Parse(written)!.FullRepository);

    [Theory]
    [InlineData("")]
    [InlineData("web:")]
    [InlineData(":1")]
    [InlineData("web@ab")]
    [InlineData("a b")]
    public void What_is_no_image_is_none(string text) => Assert.Null(ImageReference.Parse(text));
}
