using System.Text.Json;
using DaprRollouts.Core.Images;

namespace DaprRollouts.Tests.Core.Images;

/// <summary>What registries tell of a push, each in its own words.</summary>
public sealed class PushNoticeTests
{
    [Theory]
    [InlineData("""{"image":"ghcr.io/acme/web","tag":"1.2"}""", "ghcr.io/acme/web:1.2 by ")]
    [InlineData("""{"image":"ghcr.io/acme/web:1.2","digest":"sha256:ab","by":"ci","reason":"build 7"}""", "ghcr.io/acme/web:1.2@sha256:ab by ci")]
    [InlineData("""{"image":"localhost:5000/web@sha256:ab"}""", "localhost:5000/web@sha256:ab by ")]
    [InlineData("""
        {"events":[{"action":"push","target":{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"sha256:11","repository":"acme/web"},"request":{"host":"reg.example:5000"}},
                   {"action":"push","target":{"digest":"sha256:ab","repository":"acme/web","tag":"1.2"},"request":{"host":"reg.example:5000"},"actor":{"name":"bob"}},
                   {"action":"pull","target":{"digest":"sha256:ab","repository":"acme/web","tag":"1.1"},"request":{"host":"reg.example:5000"}}]}
        """, "reg.example:5000/acme/web:1.2@sha256:ab by bob")]
    [InlineData("""{"id":"x","action":"push","target":{"digest":"sha256:ab","repository":"web","tag":"v1"},"request":{"host":"acme.azurecr.io","method":"PUT"}}""", "acme.azurecr.io/web:v1@sha256:ab by ")]
    [InlineData("""
        {"type":"PUSH_ARTIFACT","operator":"admin","event_data":{"resources":[{"digest":"sha256:ab","tag":"1.2","resource_url":"harbor.example/shop/web:1.2"}],
         "repository":{"name":"web","repo_full_name":"shop/web"}}}
        """, "harbor.example/shop/web:1.2@sha256:ab by admin")]
    [InlineData("""
        {"action":"published","registry_package":{"name":"web","ecosystem":"CONTAINER","package_version":{"version":"sha256:ab","package_url":"ghcr.io/acme/web:1.2",
         "container_metadata":{"tag":{"name":"1.2","digest":"sha256:ab"}}}},"sender":{"login":"bob"}}
        """, "ghcr.io/acme/web:1.2@sha256:ab by bob")]
    [InlineData("""{"push_data":{"tag":"1.2","pusher":"bob"},"repository":{"repo_name":"acme/web"}}""", "acme/web:1.2 by bob")]
    [InlineData("""{"action":"INSERT","digest":"europe-docker.pkg.dev/p/r/web@sha256:ab","tag":"europe-docker.pkg.dev/p/r/web:1.2"}""", "europe-docker.pkg.dev/p/r/web:1.2@sha256:ab by ")]
    public void The_image_is_found(string notice, string expected)
    {
        var (pushes, error) = Read(notice);

        Assert.Null(error);
        var push = Assert.Single(pushes!);
        Assert.Equal(expected, $"{push.Image} by {push.By}");
    }

    [Theory]
    [InlineData("""{"events":[{"action":"delete","target":{"repository":"acme/web"}}]}""")]
    [InlineData("""{"type":"DELETE_ARTIFACT","event_data":{"resources":[{"tag":"1","resource_url":"harbor.example/shop/web:1"}]}}""")]
    [InlineData("""{"action":"published","package":{"package_version":{"package_url":"ghcr.io/acme/web:","container_metadata":{"tag":{"name":""}}}}}""")]
    [InlineData("""{"action":"DELETE","tag":"europe-docker.pkg.dev/p/r/web:1.2"}""")]
    public void What_is_no_push_asks_for_nothing(string notice)
    {
        var (pushes, error) = Read(notice);

        Assert.Null(error);
        Assert.Empty(pushes!);
    }

    [Theory]
    [InlineData("""[]""", "a push is told by a JSON object, not Array")]
    [InlineData("""{"hello":1}""", "it tells of no image: expected {\"image\"")]
    [InlineData("""{"image":"ghcr.io/acme/web"}""", "tag: missing; give the tag or the digest that was pushed")]
    [InlineData("""{"image":"two words","tag":"1"}""", "image: not an image")]
    [InlineData("""{"image":5,"tag":"1"}""", "image: not an image")]
    [InlineData("""{"image":"web","digest":"ab"}""", "digest: \"ab\" is none")]
    public void What_is_not_understood_is_told(string notice, string expected)
    {
        var (pushes, error) = Read(notice);

        Assert.Null(pushes);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<ImagePush>? Pushes, string? Error) Read(string json) => PushNotice.Read(JsonSerializer.Deserialize<JsonElement>(json));
}
