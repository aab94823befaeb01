"""What Buddy calls the types of its actions on its own pages (Buddy: "Add action", the list of all of them)."""

import re

# Those of which the code does not say it. In the words of Buddy's documentation.
NAMES = {
    "BUILD": "Custom build",
    "DOCKERFILE": "Build Docker image",
    "RUN_DOCKER_CONTAINER": "Run Docker container",
    "DOCKER_PUSH": "Push Docker image",
    "DOCKER_BUILD_MULTI_ARCH": "Build multi-arch image",
    "DOCKERFILE_LINTER": "Lint Dockerfile",
    "NATIVE_BUILD_LINUX": "Linux VM",
    "NATIVE_BUILD_MAC": "macOS VM",
    "NATIVE_BUILD_MAC_VM": "macOS VM",
    "NATIVE_BUILD_WINDOWS": "Windows VM",
    "NATIVE_BUILD_DOCKER_CLI": "Docker CLI",
    "NATIVE_BUILD_MAC_REACT": "Build a React Native app",
    "NATIVE_BUILD_MAC_CORDOVA": "Build a Cordova app",
    "NATIVE_BUILD_MAC_FASTLANE": "Build a Fastlane app (iOS)",
    "NATIVE_BUILD_MAC_FLUTTER": "Build a Flutter app (iOS)",
    "NATIVE_BUILD_MAC_SIGN": "Code sign and export an iOS app",
    "NATIVE_BUILD_MAC_DEPLOY": "Deploy to App Store Connect",
    "FASTLANE_ANDROID": "Fastlane for Android",
    "RUN_NEXT_PIPELINE": "Run pipeline",
    "WAIT_FOR_APPLY": "Wait for approval",
    "APPROVE_VT": "Approve visual tests",
    "VISUAL_TEST_2": "Visual tests",
    "AWS_ECS": "Amazon ECS",
    "AWS_CLOUD_FORMATION": "AWS CloudFormation",
    "CODE_DEPLOY": "AWS CodeDeploy",
    "CODE_PIPELINE": "AWS CodePipeline",
    "CLOUD_FRONT": "CloudFront",
    "LAMBDA": "AWS Lambda",
    "ELASTIC_BEANSTALK": "Elastic Beanstalk",
    "DO_SPACES": "DigitalOcean Spaces",
    "DOCTL": "DigitalOcean CLI",
    "GCE": "Google Compute Engine",
    "GCS": "Google Cloud Storage",
    "DOWNLOAD_GCS": "Download from Google Cloud Storage",
    "DOWNLOAD_S3": "Download from Amazon S3",
    "DOWNLOAD_BACKBLAZE_B2": "Download from Backblaze B2",
    "DOWNLOAD_PACKAGE_VERSION": "Download package",
    "PUBLISH_PACKAGE_VERSION": "Publish package",
    "DISCORD2": "Discord notification",
    "DATADOG": "Datadog notification",
    "DATADOG_STATUS_CHECK": "Datadog service check",
    "IMAGE_COMPRESSION": "Compress images",
    "ANDROID_SIGN": "Sign Android APK",
    "ANDROID_SIGN_BUNDLE": "Sign Android app bundle",
    "CUSTOM": "Custom action",
}
# Parts of codes that are names or abbreviations, and how those are written that have two parts.
SPELLED_ALIKE = (
    "Amazon Android APK AWS Azure B2 Backblaze Blackfire Bugsnag CDK CDN CLI Cloudflare Contentful Datadog Docker "
    "ESLint Firebase FTP FTPS gcloud Go Google Heroku Helm Honeybadger HTTP JMeter Kubernetes Lambda Lighthouse Loggly "
    "Netlify PHP PowerShell Pushbullet Pushover Python Rackspace Raygun Rollbar S3 Sentry SFTP Shopify Slack SMS Snyk "
    "SSH SSL Storybook TCP Telegram Terraform UpCloud Vultr WP"
)
SPELLED = {word.upper(): word for word in SPELLED_ALIKE.split()} | {
    "GIT_HUB": "GitHub",
    "GIT_LAB": "GitLab",
    "DIGITAL_OCEAN": "DigitalOcean",
    "WEB_DAV": "WebDAV",
    "NEW_RELIC": "New Relic",
    "STACK_HAWK": "StackHawk",
    "MICROSOFT_TEAMS": "Microsoft Teams",
    "APP_RUNNER": "App Runner",
    "GHOST_INSPECTOR": "Ghost Inspector",
}
SPELLED_OUT = re.compile("|".join(rf"(?<![A-Z0-9]){code}(?![A-Z0-9])" for code in sorted(SPELLED, key=len)[::-1]))
# The types that put something where others use it (Buddy: "Add action", its groups for deployments and clouds).
DEPLOYING = re.compile(
    r"(?<![A-Z0-9])(?:DEPLOY|PUSH|PUBLISH|UPLOAD|RELEASE|FTP|FTPS|SFTP|SCP|SSH|RSYNC|WEB_DAV|S3|AWS|AMAZON|LAMBDA"
    r"|ELASTIC_BEANSTALK|APP_RUNNER|CODE_DEPLOY|CODE_PIPELINE|CLOUD_FRONT|ECS|GCS|GCE|GAE|GOOGLE|FIREBASE|AZURE"
    r"|DO_SPACES|DOCTL|DIGITAL_OCEAN|HEROKU|NETLIFY|VERCEL|CLOUDFLARE|SHOPIFY|CONTENTFUL|KUBERNETES|HELM|TERRAFORM"
    r"|PULUMI|CDK|UPCLOUD|VULTR|RACKSPACE|BACKBLAZE|ANSIBLE|PORTAINER)(?![A-Z0-9])"
)
NOT_DEPLOYING = re.compile(r"DOWNLOAD|LINT")


def type_in_words(type: str) -> str:
    """What Buddy calls a type of actions; one that is not known here in the words of its code."""
    return NAMES.get(type) or in_words(type)


def in_words(code: str) -> str:
    """A code of Buddy's, such as SHOPIFY_CLI, as words."""
    spelled = SPELLED_OUT.sub(lambda found: SPELLED[found[0]], code)
    words = [word if word in SPELLED.values() or not word.isupper() else word.lower() for word in spelled.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def deploys(type: str) -> bool:
    """Whether an action of a type puts something where others use it, as far as the type tells."""
    return bool(DEPLOYING.search(type)) and not NOT_DEPLOYING.search(type)
